package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import java.util.ArrayList;
import java.util.List;

/**
 * Products: B in panels ({@link ProductPanels}, packed ahead where it serves the whole batch), A copied to tiles ({@link ProductRows}),
 * micro-kernels from {@link Tiles}, cut as {@link ProductPlan} says. A tile that hangs over the last row or column of C goes to a
 * temporary one, of which the part inside is copied.
 */
final class CpuProduct {
    private CpuProduct() {}

    static Wish wish(Kernel.Product kernel, List<Layout> offered) {
        List<Layout> inputs = new ArrayList<>(CpuBackend.plain(kernel).inputs());
        if (packsAhead(kernel)) {
            inputs.set(1, ProductPanels.of(kernel).layout());
        }
        return new Wish(inputs, List.of(Layout.PLAIN));
    }

    /** B serves all and may be weights, which are packed once. Where A is turned the product makes the gradient of weights, and B is made in each run. */
    private static boolean packsAhead(Kernel.Product kernel) {
        return !kernel.batchedB() || kernel.batch() == 1 && !kernel.transA();
    }

    /** Extras lie row-major, so any that broadcast will do. */
    static boolean fuses(Kernel.Product kernel, Kernel.Epilogue epilogue) {
        return true;
    }

    static Launch prepare(Kernel.Product kernel, Wish layouts) {
        return new Blocked(kernel, layouts.inputs().get(1) instanceof Layout.Packed);
    }

    /** A product cut into tasks; phase 0 packs B unless it comes packed, or each task packs its own, and copies A where that is done ahead. */
    private static final class Blocked implements Launch {
        private final Kernel.Product kernel;
        private final ProductPanels panels;
        private final ProductPlan plan;
        private final boolean packed;
        private final int[] of;
        private final Tile[] first;
        private final Tile[] next;

        Blocked(Kernel.Product kernel, boolean packed) {
            this.kernel = kernel;
            this.packed = packed;
            panels = ProductPanels.of(kernel);
            plan = ProductPlan.of(kernel, panels, packed);
            of = ProductRows.offsets(kernel.transA(), plan.tile(), kernel.k());
            first = tiles(false);
            next = kernel.k() > ProductPlan.KC ? tiles(true) : first;
        }

        /** By the number of blocks of a panel: only the widest and the last are needed. */
        private Tile[] tiles(boolean accumulate) {
            var tiles = new Tile[panels.width() + 1];
            int last = panels.panels() == 0 ? panels.width() : panels.blocks(panels.panels() - 1);
            int step = ProductRows.step(kernel.transA());
            tiles[panels.width()] = Tiles.tile(plan.tile(), panels.width(), step, accumulate);
            tiles[last] = Tiles.tile(plan.tile(), last, step, accumulate);
            return tiles;
        }

        @Override
        public String algorithm() {
            return "tile " + plan.tile() + "x" + panels.width() + (packed ? ", B packed ahead" : "");
        }

        private boolean packsFirst() {
            return !packed && !plan.own();
        }

        /** Tiles of all of A, if they are copied ahead. */
        private int aheadFloats() {
            return plan.ahead()
                    ? DenseChunks.ceil(plan.m(), plan.tile()) * ProductRows.floats(plan.tile(), kernel.k())
                    : 0;
        }

        private int sharedFloats() {
            int packs = packsFirst() ? Math.multiplyExact(panels.floats(), kernel.batchedB() ? kernel.batch() : 1) : 0;
            return Math.addExact(aheadFloats(), packs);
        }

        private int tileFloats() {
            return ProductRows.floats(plan.rows(), Math.min(kernel.k(), ProductPlan.KC));
        }

        private int temporaryFloats() {
            return plan.tile() * panels.width() * Tiles.BLOCK;
        }

        private int workerFloats() {
            int floats = tileFloats() + temporaryFloats() + (plan.own() ? panels.floats() : 0);
            return DenseChunks.ceil(floats, 16) * 16;
        }

        @Override
        public long scratch(int workers) {
            return sharedFloats() + (long) workers * workerFloats();
        }

        @Override
        public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
            return new Bound(operands, scratch);
        }

        private final class Bound implements Work {
            private final float[] a;
            private final float[] b;
            private final float[] c;
            private final float[] s;
            private final int aBase;
            private final int bBase;
            private final int cBase;
            private final int shared;
            private final int packs;
            private final int own;
            /** Tasks of the first phase: blocks of rows of A, then pieces of B. */
            private final int copies = plan.ahead() ? plan.rowBlocks() : 0;

            private final int pieces = packsFirst() ? panels.pieces() * (kernel.batchedB() ? kernel.batch() : 1) : 0;
            private final ProductEpilogue epilogue;
            private final int columnBlocks = DenseChunks.ceil(panels.panels(), plan.panels());
            private final int itemA = kernel.batchedA() && plan.batch() > 1 ? plan.m() * kernel.k() : 0;
            private final int itemB = kernel.batchedB() ? kernel.k() * kernel.n() : 0;

            Bound(List<Buffer> operands, Buffer scratch) {
                a = operands.get(0).floats();
                aBase = operands.get(0).offset();
                b = operands.get(1).floats();
                bBase = operands.get(1).offset();
                c = operands.getLast().floats();
                cBase = operands.getLast().offset();
                s = scratch.floats();
                shared = scratch.offset();
                packs = shared + aheadFloats();
                own = shared + sharedFloats();
                epilogue = kernel.epilogue() == null
                        ? null
                        : new ProductEpilogue(kernel, operands.getLast(), operands.subList(2, operands.size() - 1));
            }

            @Override
            public int phases() {
                return packsFirst() || plan.ahead() ? 2 : 1;
            }

            private boolean packs(int phase) {
                return phase < phases() - 1;
            }

            @Override
            public int tasks(int phase) {
                return packs(phase) ? copies + pieces : plan.batch() * plan.rowBlocks() * columnBlocks;
            }

            @Override
            public void run(int phase, int task, int worker) {
                if (packs(phase) && task < copies) {
                    int row = task * plan.rows();
                    for (int k0 = 0; k0 < kernel.k(); k0 += ProductPlan.KC) {
                        copyRows(0, row, Math.min(plan.m(), row + plan.rows()), k0, end(k0), ahead(row, k0));
                    }
                } else if (packs(phase)) {
                    int item = (task - copies) / panels.pieces();
                    int piece = (task - copies) % panels.pieces();
                    panels.pack(piece, b, bBase + item * itemB, s, packs + item * panels.floats());
                } else {
                    int item = task / (plan.rowBlocks() * columnBlocks);
                    int row = task / columnBlocks % plan.rowBlocks() * plan.rows();
                    int panel = task % columnBlocks * plan.panels();
                    int tiles = own + worker * workerFloats();
                    block(
                            item,
                            row,
                            Math.min(plan.m(), row + plan.rows()),
                            panel,
                            Math.min(panels.panels(), panel + plan.panels()),
                            tiles,
                            worker);
                }
            }

            /** One block of C: rows row..rowEnd-1, the columns of panels panel..panelEnd-1. */
            private void block(int item, int row, int rowEnd, int panel, int panelEnd, int tiles, int worker) {
                float[] w = packed ? b : s;
                int wo = packed
                        ? bBase
                        : plan.own()
                                ? tiles + tileFloats() + temporaryFloats()
                                : packs + (kernel.batchedB() ? item * panels.floats() : 0);
                if (plan.own()) {
                    for (int piece = 0; piece < panels.pieces(); piece++) {
                        panels.pack(piece, b, bBase + item * itemB, s, wo);
                    }
                }
                int k = kernel.k();
                for (int k0 = 0; k0 == 0 || k0 < k; k0 += ProductPlan.KC) {
                    int from = plan.ahead() ? ahead(row, k0) : tiles;
                    if (!plan.ahead()) {
                        copyRows(item, row, rowEnd, k0, end(k0), tiles);
                    }
                    for (int p = panel; p < panelEnd; p++) {
                        panel(item, row, rowEnd, p, w, wo + panels.offset(p), from, tiles + tileFloats(), k0, end(k0));
                    }
                }
                if (epilogue != null) {
                    int last = Math.min(kernel.n(), panels.firstColumn(panelEnd));
                    for (int i = row; i < rowEnd; i++) {
                        epilogue.apply(item * plan.m() + i, panels.firstColumn(panel), last, worker);
                    }
                }
            }

            private int end(int k0) {
                return Math.min(kernel.k(), k0 + ProductPlan.KC);
            }

            /** Where the tiles of a row and a stretch of columns lie that were copied ahead: stretch by stretch, tile by tile. */
            private int ahead(int row, int k0) {
                int rows = DenseChunks.ceil(plan.m(), plan.tile()) * plan.tile();
                return shared + rows * k0 + ProductRows.floats(row, end(k0) - k0);
            }

            private void copyRows(int item, int row, int rowEnd, int from, int to, int tiles) {
                int mr = plan.tile();
                int size = ProductRows.floats(mr, to - from);
                int item0 = aBase + item * itemA;
                for (int i = row, tile = tiles; i < rowEnd; i += mr, tile += size) {
                    if (kernel.transA()) {
                        ProductRows.columns(a, item0 + from * plan.m() + i, plan.m(), s, tile, mr, to - from);
                    } else {
                        for (int r = 0, count = Math.min(mr, rowEnd - i); r < count; r++) {
                            ProductRows.row(a, item0 + (i + r) * kernel.k() + from, s, tile + r * 16, mr, to - from);
                        }
                    }
                }
            }

            /** All tiles of one panel for one stretch of k. */
            private void panel(
                    int item, int row, int rowEnd, int p, float[] w, int wo, int tiles, int temporary, int k0, int k1) {
                int mr = plan.tile();
                int blocks = panels.blocks(p);
                int n = kernel.n();
                int column = panels.firstColumn(p);
                int columns = Math.min(blocks * 16, n - column);
                Tile tile = (k0 == 0 ? first : next)[blocks];
                int size = ProductRows.floats(mr, k1 - k0);
                int xo = tiles - (k0 == 0 ? 0 : of[k0]);
                int yo = cBase + (item * plan.m() + row) * n + column;
                for (int i = row; i < rowEnd; i += mr, xo += size, yo += mr * n) {
                    if (i + mr <= rowEnd && columns == blocks * 16) {
                        tile.run(s, xo, of, w, wo, c, yo, n, 16, k0, k1);
                    } else {
                        first[blocks].run(s, xo, of, w, wo, s, temporary, blocks * 16, 16, k0, k1);
                        store(temporary, blocks * 16, yo, Math.min(mr, rowEnd - i), columns, k0 > 0);
                    }
                }
            }

            private void store(int temporary, int pitch, int yo, int rows, int columns, boolean accumulate) {
                int n = kernel.n();
                for (int r = 0; r < rows; r++) {
                    int from = temporary + r * pitch;
                    int to = yo + r * n;
                    for (int j = 0; j < columns; j++) {
                        c[to + j] = accumulate ? c[to + j] + s[from + j] : s[from + j];
                    }
                }
            }
        }
    }
}
