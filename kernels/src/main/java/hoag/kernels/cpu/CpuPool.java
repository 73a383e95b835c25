package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Buffer;
import hoag.kernels.Conv2dShape;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.PoolMode;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Pooling and its gradients; a task is one plane. Operands are (N, C/16, H, W, 16), a plane having 16 channels, if one is offered so, else
 * row-major. Pixels beyond the image take no part; a NaN is the largest of its window.
 *
 * <p>Planes of 16 channels go through {@link PoolLanes} once that is compiled; until then, and for row-major planes, plain loops give the
 * same bits.
 */
final class CpuPool implements Launch {
    private final Conv2dShape s;
    private final PoolMode mode;
    private final boolean gradient;
    private final int lanes;
    private final int planes;
    /** For every output row, or column, three ints: offset of the first input row, or column; not used; how many are inside. */
    private final int[] rows;

    private final int[] columns;

    private CpuPool(Kernel.Pool kernel, boolean blocked) {
        s = kernel.window();
        mode = kernel.mode();
        gradient = kernel.gradient();
        lanes = blocked ? Tiles.BLOCK : 1;
        planes = s.n() * (blocked ? FilterPanels.blocks(s.c()) : s.c());
        rows = DepthwiseAxis.forward(s.h(), s.oh(), s.kh(), s.strideH(), s.dilationH(), s.top())
                .table(s.w() * lanes, 0);
        columns = DepthwiseAxis.forward(s.w(), s.ow(), s.kw(), s.strideW(), s.dilationW(), s.left())
                .table(lanes, 0);
    }

    static Wish wish(Kernel.Pool kernel, List<Layout> offered) {
        Layout layout = offered.contains(Layout.BLOCKED) ? Layout.BLOCKED : Layout.PLAIN;
        return new Wish(Collections.nCopies(kernel.inputs().size(), layout), List.of(layout));
    }

    static Launch prepare(Kernel.Pool kernel, Wish layouts) {
        return new CpuPool(kernel, layouts.outputs().getFirst().equals(Layout.BLOCKED));
    }

    @Override
    public String algorithm() {
        return lanes == 1 ? "planes" : "planes of 16 channels";
    }

    /** For each worker the largest values and what is left to give away. */
    @Override
    public long scratch(int workers) {
        return 2L * Tiles.BLOCK * workers;
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(
                operands.getFirst(), gradient ? operands.get(1) : operands.getFirst(), operands.getLast(), scratch);
    }

    private final class Bound implements Work {
        private final float[] x;
        private final float[] dy;
        private final float[] out;
        private final float[] t;
        private final int xBase;
        private final int dyBase;
        private final int outBase;
        private final int tBase;
        private final int inPlane = s.h() * s.w() * lanes;
        private final int outPlane = s.oh() * s.ow() * lanes;
        private final int rowStep = s.dilationH() * s.w() * lanes;
        private final int columnStep = s.dilationW() * lanes;

        Bound(Buffer x, Buffer dy, Buffer out, Buffer scratch) {
            this.x = x.floats();
            this.dy = dy.floats();
            this.out = out.floats();
            t = scratch.floats();
            xBase = x.offset();
            dyBase = dy.offset();
            outBase = out.offset();
            tBase = scratch.offset();
        }

        @Override
        public int tasks(int phase) {
            return planes;
        }

        @Override
        public void run(int phase, int task, int worker) {
            boolean vectors = lanes == Tiles.BLOCK && PoolLanes.hot();
            if (gradient) {
                Arrays.fill(out, outBase + task * inPlane, outBase + (task + 1) * inPlane, 0);
            }
            for (int row = 0; row < s.oh(); row++) {
                for (int column = 0; column < s.ow(); column++) {
                    int place = rows[3 * row] + columns[3 * column];
                    int down = rows[3 * row + 2];
                    int right = columns[3 * column + 2];
                    int pixel = task * outPlane + (row * s.ow() + column) * lanes;
                    int in = task * inPlane + place;
                    if (vectors) {
                        window(xBase + in, down, right, pixel, outBase + in);
                    } else if (!gradient) {
                        forward(xBase + in, down, right, outBase + pixel);
                    } else if (mode == PoolMode.MAX) {
                        giveToLargest(
                                xBase + in,
                                down,
                                right,
                                dyBase + pixel,
                                outBase + in,
                                tBase + worker * 2 * Tiles.BLOCK);
                    } else {
                        giveToAll(dyBase + pixel, down, right, outBase + in);
                    }
                }
            }
        }

        private void window(int xo, int down, int right, int pixel, int dxo) {
            if (!gradient && mode == PoolMode.MAX) {
                PoolLanes.largest(x, xo, down, right, rowStep, columnStep, out, outBase + pixel);
            } else if (!gradient) {
                PoolLanes.sum(x, xo, down, right, rowStep, columnStep, share(down * right), out, outBase + pixel);
            } else if (mode == PoolMode.MAX) {
                PoolLanes.give(x, xo, dy, dyBase + pixel, down, right, rowStep, columnStep, out, dxo);
            } else {
                PoolLanes.share(dy, dyBase + pixel, share(down * right), down, right, rowStep, columnStep, out, dxo);
            }
        }

        private void forward(int xo, int down, int right, int yo) {
            if (mode == PoolMode.MAX) {
                largest(xo, down, right, out, yo);
                return;
            }
            Arrays.fill(out, yo, yo + lanes, 0);
            for (int i = 0; i < down; i++) {
                for (int j = 0; j < right; j++) {
                    add(x, xo + i * rowStep + j * columnStep, out, yo, lanes);
                }
            }
            scale(out, yo, lanes, share(down * right));
        }

        private float share(int inside) {
            int divisor = mode == PoolMode.AVERAGE_WITH_PADDING ? s.kh() * s.kw() : inside;
            return divisor == 0 ? 0 : 1f / divisor;
        }

        private void largest(int xo, int down, int right, float[] to, int yo) {
            Arrays.fill(to, yo, yo + lanes, Float.NEGATIVE_INFINITY);
            for (int i = 0; i < down; i++) {
                for (int j = 0; j < right; j++) {
                    max(x, xo + i * rowStep + j * columnStep, to, yo, lanes);
                }
            }
        }

        private void giveToLargest(int xo, int down, int right, int dyo, int dxo, int to) {
            largest(xo, down, right, t, to);
            System.arraycopy(dy, dyo, t, to + Tiles.BLOCK, lanes);
            for (int i = 0; i < down; i++) {
                for (int j = 0; j < right; j++) {
                    int place = i * rowStep + j * columnStep;
                    give(x, xo + place, t, to, out, dxo + place, lanes);
                }
            }
        }

        private void giveToAll(int dyo, int down, int right, int dxo) {
            float share = share(down * right);
            for (int i = 0; i < down; i++) {
                for (int j = 0; j < right; j++) {
                    addScaled(dy, dyo, share, out, dxo + i * rowStep + j * columnStep, lanes);
                }
            }
        }
    }

    private static void max(float[] from, int fromOffset, float[] to, int toOffset, int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            to[toOffset + lane] = Math.max(to[toOffset + lane], from[fromOffset + lane]);
        }
    }

    private static void add(float[] from, int fromOffset, float[] to, int toOffset, int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            to[toOffset + lane] += from[fromOffset + lane];
        }
    }

    private static void addScaled(float[] from, int fromOffset, float factor, float[] to, int toOffset, int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            to[toOffset + lane] += from[fromOffset + lane] * factor;
        }
    }

    private static void scale(float[] values, int offset, int lanes, float factor) {
        for (int lane = 0; lane < lanes; lane++) {
            values[offset + lane] *= factor;
        }
    }

    /** Where x is the largest, dx receives what is left, and nothing is left. */
    private static void give(float[] x, int xo, float[] t, int largest, float[] dx, int dxo, int lanes) {
        int left = largest + Tiles.BLOCK;
        for (int lane = 0; lane < lanes; lane++) {
            float value = x[xo + lane];
            boolean here = value == t[largest + lane] || value != value;
            dx[dxo + lane] += here ? t[left + lane] : 0;
            t[left + lane] = here ? 0 : t[left + lane];
        }
    }
}
