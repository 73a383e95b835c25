package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * 3x3 convolutions at stride 1, and their data gradients, by {@link Winograd}'s F(4x4, 3x3): input (N, C/16, H, W, 16) to tiles of 36
 * positions, a product of tiles and filters ({@link WinogradPanels}) for each position with {@link Tiles}, and tiles of results back.
 *
 * <p>Two ways, by {@link WinogradPlan}. With few weights a task does it all for some rows of tiles of an image: its transformed input stays
 * in L2, and a panel of output channels goes through product, back transform and epilogue before the next. With many weights three phases
 * follow each other for some images, and each task of the second reads the filters of one position once.
 */
final class CpuWinograd implements Launch {
    private static final int BLOCK = Tiles.BLOCK;
    private static final int IN = Winograd.IN;
    private static final int OUT = Winograd.OUT;

    private final DenseGeometry g;
    private final WinogradPanels panels;
    private final WinogradPlan plan;
    private final CpuEpilogue epilogue;
    private final WinogradRows rows;
    private final WinogradKernels.Transform fromPositions = WinogradKernels.of(WinogradKernels.Kind.OUTPUT);
    private final int blocksIn;
    private final int blocksOut;
    private final int panelCount;
    private final int[] firstBlocks;
    private final int[] widths;

    CpuWinograd(Kernel.Conv2d kernel) {
        g = DenseGeometry.of(kernel);
        panels = WinogradPanels.of(g, kernel.pass() == Kernel.Pass.DATA);
        plan = WinogradPlan.of(g);
        rows = new WinogradRows(WinogradKernels.Kind.INPUT, g.h(), g.w(), g.minY(), g.minX(), plan.columns());
        epilogue = kernel.epilogue() == null
                ? null
                : new CpuEpilogue(kernel.outputs().getFirst(), kernel.epilogue());
        blocksIn = FilterPanels.blocks(g.c());
        blocksOut = FilterPanels.blocks(g.k());
        widths = panels.widths().stream().mapToInt(Integer::intValue).toArray();
        panelCount = widths.length;
        firstBlocks = new int[panelCount];
        Arrays.setAll(firstBlocks, panels::firstBlock);
    }

    static Wish wish(Kernel.Conv2d kernel) {
        DenseGeometry g = DenseGeometry.of(kernel);
        var inputs = new ArrayList<Layout>();
        inputs.add(Layout.BLOCKED);
        inputs.add(WinogradPanels.of(g, kernel.pass() == Kernel.Pass.DATA).layout());
        inputs.addAll(CpuEpilogue.layouts(kernel.outputs().getFirst(), kernel.epilogue()));
        return new Wish(inputs, List.of(Layout.BLOCKED));
    }

    @Override
    public String algorithm() {
        return String.format(
                Locale.ROOT,
                "winograd 4x4 %s, %s%d tiles, error %.1e",
                sized(plan.tiles())[0],
                plan.phased() ? "3 phases, " : "",
                plan.tiles(),
                Winograd.ERROR * Math.sqrt(g.c()));
    }

    private Tiles.Sized[] sized(int tiles) {
        return Arrays.stream(widths)
                .mapToObj(width -> Tiles.best(tiles, width, BLOCK))
                .toArray(Tiles.Sized[]::new);
    }

    private int inputFloats() {
        return Winograd.POSITIONS * plan.position(blocksIn);
    }

    private int outputFloats() {
        return Winograd.POSITIONS
                * plan.position(plan.phased() ? blocksOut : panels.widths().getFirst());
    }

    private int workerFloats() {
        return rows.scratch() + (plan.phased() ? 0 : inputFloats() + outputFloats());
    }

    @Override
    public long scratch(int workers) {
        return (long) workers * workerFloats() + (plan.phased() ? inputFloats() + outputFloats() : 0);
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(operands, scratch);
    }

    private final class Bound implements Work {
        private final float[] x;
        private final float[] w;
        private final float[] y;
        private final float[] s;
        private final int xBase;
        private final int wBase;
        private final int yBase;
        private final int sBase;
        private final int shared;
        private final int inPlane = g.h() * g.w() * BLOCK;
        private final int outPlane = g.oh() * g.ow() * BLOCK;
        private final int strip = rows.scratch();
        private final int perWorker = workerFloats();
        private final int positionIn = plan.position(blocksIn);
        private final int positionOut = outputFloats() / Winograd.POSITIONS;
        private final CpuEpilogue.Bound finish;
        private final int[][] panelOffsets = new int[panelCount][Winograd.POSITIONS];
        private final int[] channels = new int[g.c()];
        /** By the number of tiles of a task, which is one of few. */
        private final Tiles.Sized[][] tiles = new Tiles.Sized[plan.tiles() + 1][];

        Bound(List<Buffer> operands, Buffer scratch) {
            Buffer output = operands.getLast();
            x = operands.get(0).floats();
            xBase = operands.get(0).offset();
            w = operands.get(1).floats();
            wBase = operands.get(1).offset();
            y = output.floats();
            yBase = output.offset();
            s = scratch.floats();
            shared = scratch.offset();
            sBase = shared + (plan.phased() ? inputFloats() + outputFloats() : 0);
            finish = epilogue == null ? null : epilogue.new Bound(output, operands.subList(2, operands.size() - 1));
            for (int panel = 0; panel < panelCount; panel++) {
                int each = panel;
                Arrays.setAll(panelOffsets[panel], position -> wBase + panels.offset(each, position));
            }
            Arrays.setAll(channels, c -> c / BLOCK * plan.plane() + c % BLOCK);
            for (int count : plan.counts(g)) {
                tiles[count] = sized(count);
            }
        }

        @Override
        public int phases() {
            return plan.phased() ? 3 * DenseChunks.ceil(g.n(), plan.images()) : 1;
        }

        @Override
        public int tasks(int phase) {
            if (!plan.phased()) {
                return g.n() * plan.rowChunks();
            }
            return switch (phase % 3) {
                case 0 -> images(phase / 3) * blocksIn;
                case 1 -> Winograd.POSITIONS * plan.panelGroups(panelCount);
                default -> images(phase / 3) * panelCount;
            };
        }

        private int images(int group) {
            return Math.min(plan.images(), g.n() - group * plan.images());
        }

        @Override
        public void run(int phase, int task, int worker) {
            int own = sBase + worker * perWorker;
            if (!plan.phased()) {
                whole(task / plan.rowChunks(), task % plan.rowChunks() * plan.rows(), own, worker);
                return;
            }
            int group = phase / 3;
            int perImage = plan.rows() * plan.columns() * BLOCK;
            int from = shared + inputFloats();
            switch (phase % 3) {
                case 0 -> {
                    int image = task / blocksIn;
                    int to = shared + image * perImage;
                    input(group * plan.images() + image, task % blocksIn, 0, plan.rows(), to, own);
                }
                case 1 -> {
                    int groups = plan.panelGroups(panelCount);
                    int part = task % groups;
                    int count = images(group) * plan.rows() * plan.columns();
                    for (int p = part * panelCount / groups, end = (part + 1) * panelCount / groups; p < end; p++) {
                        product(task / groups, p, count, shared, from + firstBlocks[p] * plan.plane());
                    }
                }
                default -> {
                    int image = task / panelCount;
                    int panel = task % panelCount;
                    int start = from + image * perImage + firstBlocks[panel] * plan.plane();
                    output(group * plan.images() + image, panel, 0, plan.rows(), start, own, worker);
                }
            }
        }

        /** Rows of tiles of an image from beginning to end. */
        private void whole(int image, int row, int own, int worker) {
            int rowEnd = Math.min(plan.allRows(g), row + plan.rows());
            int to = own + strip;
            int from = to + inputFloats();
            int count = (rowEnd - row) * plan.columns();
            for (int block = 0; block < blocksIn; block++) {
                input(image, block, row, rowEnd, to, own);
            }
            for (int panel = 0; panel < panelCount; panel++) {
                for (int position = 0; position < Winograd.POSITIONS; position++) {
                    product(position, panel, count, to, from);
                }
                output(image, panel, row, rowEnd, from, own, worker);
            }
        }

        /** All tiles times one panel of filters, at one position; the last tile of the product overlaps the one before. */
        private void product(int position, int panel, int count, int to, int from) {
            Tiles.Sized tile = tiles[count][panel];
            int pixels = tile.pixels();
            int xo = to + position * positionIn;
            int yo = from + position * positionOut;
            int wo = panelOffsets[panel][position];
            for (int p = 0; p < count; p += pixels) {
                int at = Math.min(p, count - pixels) * BLOCK;
                tile.tile().run(s, xo + at, channels, w, wo, s, yo + at, BLOCK, plan.plane(), 0, channels.length);
            }
        }

        /** Rows of tiles of a block of channels to their positions. */
        private void input(int image, int block, int row, int rowEnd, int to, int own) {
            int plane = xBase + (image * blocksIn + block) * inPlane;
            rows.run(x, plane, row, rowEnd, s, to + block * plan.plane(), positionIn, own);
        }

        /** Rows of tiles of a panel back to pixels, and the epilogue; tiles that hang over the image go through a copy. */
        private void output(int image, int panel, int row, int rowEnd, int from, int own, int worker) {
            for (int j = 0; j < widths[panel]; j++) {
                int block = firstBlocks[panel] + j;
                int plane = yBase + (image * blocksOut + block) * outPlane;
                int at = from + j * plan.plane();
                for (int r = row; r < rowEnd; r++, at += plan.columns() * BLOCK) {
                    outputRow(plane, r * OUT, at, own);
                }
                if (finish != null) {
                    int pixel = row * OUT * g.ow() * BLOCK;
                    int end = Math.min(g.oh(), rowEnd * OUT) * g.ow() * BLOCK;
                    finish.apply(worker, image, block, pixel, end - pixel);
                }
            }
        }

        private void outputRow(int plane, int top, int at, int own) {
            int whole = top + OUT <= g.oh() ? g.ow() / OUT : 0;
            int to = plane + top * g.ow() * BLOCK;
            if (whole > 0) {
                transformOutput(at, y, to, g.ow() * BLOCK, own, whole);
            }
            if (whole < plan.columns()) {
                int length = (plan.columns() - whole) * OUT * BLOCK;
                transformOutput(at + whole * BLOCK, s, own, length, own, plan.columns() - whole);
                int inside = (g.ow() - whole * OUT) * BLOCK;
                for (int i = 0, rows = Math.min(OUT, g.oh() - top); i < rows; i++) {
                    System.arraycopy(s, own + i * length, y, to + (i * g.ow() + whole * OUT) * BLOCK, inside);
                }
            }
        }

        private void transformOutput(int at, float[] to, int start, int pitch, int own, int count) {
            fromPositions.run(
                    s,
                    at,
                    IN * positionOut,
                    positionOut,
                    BLOCK,
                    to,
                    start,
                    pitch,
                    BLOCK,
                    OUT * BLOCK,
                    s,
                    rows.transformScratch(own),
                    count);
        }
    }
}
