package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Conv2dShape;
import hoag.kernels.Launch;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import java.util.List;

/**
 * Convolutions with groups that are not depthwise, and their data gradients, in plain loops over rows: everything row-major, one task for
 * each plane that is written, one row times one weight at a time (C2 turns the inner loop into vectors at stride 1).
 */
record CpuConv2dGrouped(Conv2dShape s, boolean data) implements Launch {
    @Override
    public String algorithm() {
        return "rows, " + s.groups() + " groups";
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(this, operands.get(0), operands.get(1), operands.get(2));
    }

    private record Bound(CpuConv2dGrouped launch, Buffer in, Buffer filter, Buffer out) implements Work {
        @Override
        public int tasks(int phase) {
            return launch.s.n() * (launch.data ? launch.s.c() : launch.s.k());
        }

        @Override
        public void run(int phase, int task, int worker) {
            if (launch.data) {
                launch.inputPlane(task / launch.s.c(), task % launch.s.c(), in, filter, out);
            } else {
                launch.outputPlane(task / launch.s.k(), task % launch.s.k(), in, filter, out);
            }
        }
    }

    private void outputPlane(int image, int to, Buffer x, Buffer filter, Buffer y) {
        int size = s.oh() * s.ow();
        int yo = y.offset() + (image * s.k() + to) * size;
        java.util.Arrays.fill(y.floats(), yo, yo + size, 0);
        int each = s.c() / s.groups();
        int first = to / (s.k() / s.groups()) * each;
        for (int i = 0; i < each; i++) {
            int xo = x.offset() + (image * s.c() + first + i) * s.h() * s.w();
            planes(
                    x.floats(),
                    xo,
                    y.floats(),
                    yo,
                    filter.floats(),
                    filter.offset() + (to * each + i) * s.kh() * s.kw());
        }
    }

    private void inputPlane(int image, int from, Buffer dy, Buffer filter, Buffer dx) {
        int size = s.h() * s.w();
        int xo = dx.offset() + (image * s.c() + from) * size;
        java.util.Arrays.fill(dx.floats(), xo, xo + size, 0);
        int each = s.c() / s.groups();
        int outs = s.k() / s.groups();
        int first = from / each * outs;
        for (int o = first; o < first + outs; o++) {
            int yo = dy.offset() + (image * s.k() + o) * s.oh() * s.ow();
            planes(
                    dx.floats(),
                    xo,
                    dy.floats(),
                    yo,
                    filter.floats(),
                    filter.offset() + (o * each + from % each) * s.kh() * s.kw());
        }
    }

    /** One plane of the input side with one of the output side, all taps. */
    private void planes(float[] x, int xo, float[] y, int yo, float[] w, int wo) {
        for (int ky = 0; ky < s.kh(); ky++) {
            for (int kx = 0; kx < s.kw(); kx++) {
                tap(
                        x,
                        xo,
                        y,
                        yo,
                        w[wo + ky * s.kw() + kx],
                        ky * s.dilationH() - s.top(),
                        kx * s.dilationW() - s.left());
            }
        }
    }

    private void tap(float[] x, int xo, float[] y, int yo, float weight, int dy, int dx) {
        int first = Math.max(0, DenseChunks.ceil(-dx, s.strideW()));
        int count = Math.min(s.ow(), Math.floorDiv(s.w() - 1 - dx, s.strideW()) + 1) - first;
        for (int row = 0; row < s.oh(); row++) {
            int inputRow = row * s.strideH() + dy;
            if (inputRow >= 0 && inputRow < s.h() && count > 0) {
                int xAt = xo + inputRow * s.w() + first * s.strideW() + dx;
                int yAt = yo + row * s.ow() + first;
                if (data) {
                    add(count, weight, y, yAt, 1, x, xAt, s.strideW());
                } else {
                    add(count, weight, x, xAt, s.strideW(), y, yAt, 1);
                }
            }
        }
    }

    private static void add(
            int count, float weight, float[] from, int fromOffset, int fromStep, float[] to, int toOffset, int toStep) {
        if (fromStep == 1 && toStep == 1) {
            for (int i = 0; i < count; i++) {
                to[toOffset + i] = Math.fma(weight, from[fromOffset + i], to[toOffset + i]);
            }
        } else {
            for (int i = 0; i < count; i++) {
                to[toOffset + i * toStep] =
                        Math.fma(weight, from[fromOffset + i * fromStep], to[toOffset + i * toStep]);
            }
        }
    }
}
