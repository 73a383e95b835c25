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
import java.util.stream.IntStream;

/**
 * Dense convolutions and their data gradients with {@link Tiles}. Input (N, C/16, H, W, 16), or row-major if it has fewer than 16
 * channels; filters in {@link FilterPanels}; output (N, K/16, OH, OW, 16).
 *
 * <p>A task computes some panels of output channels for a stretch of pixels of one image. Where every tap lies inside the image the
 * input is read in place; else the task first copies the rows it needs, with their border of zeros, into its worker's scratch, and the
 * kernel needs no bounds checks. The copy doubles as the fetch into L2. Images of one pixel (squeeze and excite) take the batch as pixels.
 *
 * <p>Measured with {@code ConvBench} on a Xeon of the Sapphire Rapids class, 2 threads, batch 16, in sittings whose multiply-add peak was
 * 363 to 409 GFLOP/s: all 1x1 of EfficientNet-B0 32.5 ms (14x14 and 7x7 layers 85-100 % of that peak, 112x112 43-67 %), stem 3x3 s2 3->32
 * at 224 1.2 ms, 3x3 64 at 56 10.7, 128 at 28 9.5, 256 at 14 9.1, 512 at 7 10.2 ms, 7x7 s2 3->64 at 224 9.9 ms.
 *
 * <p>Lost: six panel groups for each image of a batch, each copying the same rows (2.1, 3.6 and 3.6 ms of copying at 28, 14 and 7 pixels).
 */
final class CpuConv2dDense implements Launch {
    /** Pixels of a panel that are finished before the epilogue passes over them: three blocks of them fit in L1. */
    private static final int SEGMENT = 168;

    private final DenseGeometry g;
    private final FilterPanels panels;
    private final DenseChunks chunks;
    private final CpuEpilogue epilogue;
    private final boolean plain;
    private final boolean flat;
    private final boolean onePixel;
    private final boolean copies;
    private final int images;
    private final int rows;
    private final int columns;
    /** Floats from channel to channel plane, row to row, pixel to pixel of what the kernel reads. */
    private final int plane;

    private final int pitch;
    private final int unit;
    private final int copiedColumns;
    private final int minY;
    private final int minX;
    private final int maxY;
    private final int[][] offsets;

    CpuConv2dDense(Kernel.Conv2d kernel, Wish layouts) {
        this(kernel, layouts, FilterPanels.widths(DenseGeometry.of(kernel).k()));
    }

    /** @param widths blocks of each panel */
    CpuConv2dDense(Kernel.Conv2d kernel, Wish layouts, List<Integer> widths) {
        g = DenseGeometry.of(kernel);
        minY = g.minY();
        minX = g.minX();
        maxY = g.maxY();
        plain = layouts.inputs().getFirst() instanceof Layout.Plain;
        panels = FilterPanels.of(g, kernel.pass() == Kernel.Pass.DATA, plain, widths);
        epilogue = kernel.epilogue() == null
                ? null
                : new CpuEpilogue(kernel.outputs().getFirst(), kernel.epilogue());
        onePixel = g.onePixel() && !plain;
        flat = onePixel || g.flat();
        copies = onePixel || !g.inside();
        images = onePixel ? 1 : g.n();
        rows = flat ? 1 : g.rows();
        columns = onePixel ? g.n() : flat ? g.oh() * g.ow() : g.columns();
        chunks = flat
                ? DenseChunks.flat(g, images, columns, panels.widths().size())
                : DenseChunks.rows(g, panels.widths().size());
        unit = plain ? 1 : Tiles.BLOCK;
        copiedColumns = onePixel ? chunks.columns() : (g.columns() - 1) * g.stepW() + g.maxX() - minX + 1;
        pitch = (copies ? copiedColumns : g.w()) * unit;
        plane = copies ? copiedPlane() : g.h() * g.w() * unit;
        offsets = new int[g.classes().size()][];
        Arrays.setAll(offsets, this::offsets);
    }

    static Wish wish(Kernel.Conv2d kernel, List<Layout> offered) {
        return wish(
                kernel, offered, FilterPanels.widths(DenseGeometry.of(kernel).k()));
    }

    static Wish wish(Kernel.Conv2d kernel, List<Layout> offered, List<Integer> widths) {
        DenseGeometry g = DenseGeometry.of(kernel);
        boolean plain = g.c() < Tiles.BLOCK && !(offered.getFirst() instanceof Layout.Blocked);
        var inputs = new ArrayList<Layout>();
        inputs.add(plain ? Layout.PLAIN : Layout.BLOCKED);
        inputs.add(FilterPanels.of(g, kernel.pass() == Kernel.Pass.DATA, plain, widths)
                .layout());
        inputs.addAll(CpuEpilogue.layouts(kernel.outputs().getFirst(), kernel.epilogue()));
        return new Wish(inputs, List.of(Layout.BLOCKED));
    }

    /** Never a multiple of 4 KB, where all planes would fall into the same sets of L1. */
    private int copiedPlane() {
        int copiedRows = onePixel ? 1 : (chunks.rows() - 1) * g.stepH() + maxY - minY + 1;
        int size = copiedRows * pitch;
        return size % 1024 == 0 ? size + Tiles.BLOCK : size;
    }

    /** For every row of a panel the place of its factor, relative to the first tap of the pixel. */
    private int[] offsets(int pixelClass) {
        var taps = g.classes().get(pixelClass);
        int count = taps.taps().size();
        return Arrays.stream(panels.order(pixelClass))
                .map(code -> {
                    int channel = code / count;
                    int tap = code % count;
                    return channel / unit * plane
                            + channel % unit
                            + (taps.y().get(tap) - minY) * pitch
                            + (taps.x().get(tap) - minX) * unit;
                })
                .toArray();
    }

    @Override
    public String algorithm() {
        return tile() + (onePixel ? ", batch as pixels" : copies ? ", rows copied" : ", in place");
    }

    /** The first one. */
    Tiles.Sized tile() {
        return tiles(chunks.columns())[0][0];
    }

    private int planes() {
        return plain ? g.c() : FilterPanels.blocks(g.c());
    }

    /** Floats into which a task copies what it reads. */
    int scratchOfWorker() {
        return copies ? DenseChunks.ceil(planes() * plane, 16) * 16 + 16 : 0;
    }

    @Override
    public long scratch(int workers) {
        return (long) workers * scratchOfWorker();
    }

    /** For every class and panel the tile for a task of this many columns. */
    private Tiles.Sized[][] tiles(int taskColumns) {
        int step = (onePixel ? 1 : g.stepW()) * unit;
        return g.classes().stream()
                .map(each -> flat ? taskColumns : g.columns(each))
                .map(length -> panels.widths().stream()
                        .map(width -> Tiles.best(length, width, step))
                        .toArray(Tiles.Sized[]::new))
                .toArray(Tiles.Sized[][]::new);
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(operands, scratch, null);
    }

    /** Stretches of a plane that a follower is told of, or more; not of images of one pixel. */
    int stretches() {
        return flat ? DenseChunks.ceil(columns, chunks.columns()) * stretchesOfChunk() : rows;
    }

    /** Stretches of a task's columns, of a panel that has most. */
    private int stretchesOfChunk() {
        return IntStream.of(
                        chunks.columns(),
                        columns - (DenseChunks.ceil(columns, chunks.columns()) - 1) * chunks.columns())
                .flatMap(length ->
                        Arrays.stream(tiles(length)[0]).mapToInt(tile -> DenseChunks.ceil(length, segment(tile))))
                .max()
                .orElseThrow();
    }

    private static int segment(Tiles.Sized tile) {
        return SEGMENT / tile.pixels() * tile.pixels();
    }

    final class Bound implements Work {
        private final float[] x;
        private final float[] w;
        private final float[] y;
        private final float[] s;
        private final int xBase;
        private final int wBase;
        private final int yBase;
        private final int sBase;
        private final int scratchOfWorker = scratchOfWorker();
        private final CpuEpilogue.Bound finish;
        private final Follower.Bound follow;
        private final boolean whole;
        private final int stretchesOfChunk;
        private final int rowChunks = DenseChunks.ceil(rows, chunks.rows());
        private final int columnChunks = DenseChunks.ceil(columns, chunks.columns());
        private final Tiles.Sized[][] tiles = tiles(chunks.columns());
        private final Tiles.Sized[][] lastTiles = tiles(columns - (columnChunks - 1) * chunks.columns());
        private final int panelCount = panels.widths().size();
        private final int[] firstBlocks =
                IntStream.range(0, panelCount).map(panels::firstBlock).toArray();
        private final int[] lastBlocks = IntStream.range(0, panelCount)
                .map(j -> firstBlocks[j] + panels.widths().get(j))
                .toArray();
        private final int[][] panelOffsets = IntStream.range(0, offsets.length)
                .mapToObj(each -> IntStream.range(0, panelCount)
                        .map(panel -> panels.offset(each, panel))
                        .toArray())
                .toArray(int[][]::new);
        private final int planes = planes();
        private final int stepPixel = (onePixel ? 1 : g.stepW()) * unit;
        private final int outPixel = onePixel ? FilterPanels.blocks(g.k()) * Tiles.BLOCK : Tiles.BLOCK;
        private final int outBlock;
        private final int outImage = FilterPanels.blocks(g.k()) * g.oh() * g.ow() * Tiles.BLOCK;

        /** @param follow of the result, or null */
        Bound(List<Buffer> operands, Buffer scratch, Follower.Bound follow) {
            this(operands, scratch, onePixel ? Tiles.BLOCK : g.oh() * g.ow() * Tiles.BLOCK, follow);
        }

        /** @param outBlock floats from block to block of the result */
        Bound(List<Buffer> operands, Buffer scratch, int outBlock, Follower.Bound follow) {
            this.outBlock = outBlock;
            this.follow = follow;
            whole = epilogue == null && follow == null;
            stretchesOfChunk = follow != null && flat ? stretchesOfChunk() : 0;
            Buffer output = operands.getLast();
            x = operands.get(0).floats();
            xBase = operands.get(0).offset();
            w = operands.get(1).floats();
            wBase = operands.get(1).offset();
            y = output.floats();
            yBase = output.offset();
            s = copies ? scratch.floats() : x;
            sBase = copies ? scratch.offset() : 0;
            finish = epilogue == null ? null : epilogue.new Bound(output, operands.subList(2, operands.size() - 1));
        }

        @Override
        public int tasks(int phase) {
            return chunks.groups() * images * rowChunks * columnChunks;
        }

        @Override
        public void run(int phase, int task, int worker) {
            int column = task % columnChunks * chunks.columns();
            int row = task / columnChunks % rowChunks * chunks.rows();
            int image = task / columnChunks / rowChunks % images;
            int group = task / columnChunks / rowChunks / images;
            int rowEnd = Math.min(rows, row + chunks.rows());
            int columnEnd = Math.min(columns, column + chunks.columns());
            int from = source(image, row, rowEnd, column, columnEnd, sBase + worker * scratchOfWorker);
            int to = yBase + image * outImage;
            for (int panel = group * panelCount / chunks.groups(), end = (group + 1) * panelCount / chunks.groups();
                    panel < end;
                    panel++) {
                if (flat) {
                    flatPanel(panel, from, image, column, columnEnd, worker, to);
                } else {
                    rowsPanel(panel, from, image, row, rowEnd, worker, to);
                }
            }
        }

        /**
         * Rows of the planes of one panel; row 0 of the first would be at {@code to} of the result's array. What is copied goes to {@code copy}. Rows
         * are not shorter than the tile.
         */
        void panelRows(int image, int panel, int row, int rowEnd, int worker, int copy, int to) {
            int image0 = to - firstBlocks[panel] * outBlock;
            if (flat) {
                int column = row * g.ow();
                flatPanel(
                        panel,
                        source(image, 0, 1, column, column, copy),
                        image,
                        column,
                        rowEnd * g.ow(),
                        worker,
                        image0);
                return;
            }
            for (int start = row, end; start < rowEnd; start = end) {
                end = Math.min(rowEnd, start + chunks.rows());
                rowsPanel(panel, source(image, start, end, 0, columns, copy), image, start, end, worker, image0);
            }
        }

        /** Where the first tap of the first pixel is, after copying to {@code copy} if that must be. */
        private int source(int image, int row, int rowEnd, int column, int columnEnd, int copy) {
            if (onePixel) {
                copyImages(column, columnEnd, copy);
                return copy;
            }
            if (copies) {
                copyRows(image, row, rowEnd, copy);
                return copy;
            }
            return xBase
                    + image * planes * plane
                    + (row * g.stepH() + minY) * pitch
                    + (column * g.stepW() + minX) * unit;
        }

        private void flatPanel(int panel, int from, int image, int column, int columnEnd, int worker, int to) {
            Tiles.Sized tile = (columnEnd == columns ? lastTiles : tiles)[0][panel];
            int segment = whole ? columns : segment(tile);
            int stretch = columnChunk(column) * stretchesOfChunk;
            for (int start = column, end; start < columnEnd; start = end) {
                end = columnEnd - start - segment < tile.pixels() ? columnEnd : start + segment;
                int yo = to + firstBlocks[panel] * outBlock + start * outPixel;
                run(tile, from + (start - column) * stepPixel, 0, panel, yo, outPixel, end - start);
                if (onePixel) {
                    finishImages(panel, start, end, worker, to);
                } else {
                    finish(panel, image, start, end, worker, to);
                    follow(panel, image, stretch++, start, end, worker);
                }
            }
        }

        private int columnChunk(int column) {
            return column / chunks.columns();
        }

        private void rowsPanel(int panel, int from, int image, int row, int rowEnd, int worker, int to) {
            int segment = whole ? rows : Math.max(1, SEGMENT / (columns * g.outStepH() * g.outStepW()));
            for (int start = row, end; start < rowEnd; start = end) {
                end = Math.min(rowEnd, start + segment);
                for (int pixelClass = 0; pixelClass < offsets.length; pixelClass++) {
                    classRows(pixelClass, panel, from + (start - row) * g.stepH() * pitch, start, end, to);
                }
                int pixel = start * g.outStepH() * g.ow();
                int pixelEnd = Math.min(g.oh(), end * g.outStepH()) * g.ow();
                finish(panel, image, pixel, pixelEnd, worker, to);
                follow(panel, image, start, pixel, pixelEnd, worker);
            }
        }

        private void classRows(int pixelClass, int panel, int from, int start, int end, int to) {
            var each = g.classes().get(pixelClass);
            int yo = to + firstBlocks[panel] * outBlock + (each.row() * g.ow() + each.column()) * outPixel;
            for (int q = start, last = Math.min(end, g.rows(each)); q < last; q++) {
                int at = yo + q * g.outStepH() * g.ow() * outPixel;
                run(
                        tiles[pixelClass][panel],
                        from + (q - start) * g.stepH() * pitch,
                        pixelClass,
                        panel,
                        at,
                        g.outStepW() * outPixel,
                        g.columns(each));
            }
        }

        /** A stretch of pixels; the last tile overlaps the one before. */
        private void run(Tiles.Sized tile, int from, int pixelClass, int panel, int yo, int ldy, int length) {
            int[] of = offsets[pixelClass];
            int wo = wBase + panelOffsets[pixelClass][panel];
            int pixels = tile.pixels();
            for (int p = 0; p < length; p += pixels) {
                int at = Math.min(p, length - pixels);
                tile.tile().run(s, from + at * stepPixel, of, w, wo, y, yo + at * ldy, ldy, outBlock, 0, of.length);
            }
        }

        private void finish(int panel, int image, int pixel, int pixelEnd, int worker, int to) {
            for (int block = firstBlocks[panel]; epilogue != null && block < lastBlocks[panel]; block++) {
                int plane = to + block * outBlock;
                finish.apply(worker, image, block, plane, pixel * Tiles.BLOCK, (pixelEnd - pixel) * Tiles.BLOCK);
            }
        }

        private void follow(int panel, int image, int stretch, int pixel, int pixelEnd, int worker) {
            for (int block = firstBlocks[panel]; follow != null && block < lastBlocks[panel]; block++) {
                follow.add(image, block, stretch, pixel * Tiles.BLOCK, (pixelEnd - pixel) * Tiles.BLOCK, worker);
            }
        }

        private void finishImages(int panel, int image, int imageEnd, int worker, int to) {
            for (int n = image; epilogue != null && n < imageEnd; n++) {
                for (int block = firstBlocks[panel]; block < lastBlocks[panel]; block++) {
                    finish.apply(worker, n, block, to + n * outImage + block * outBlock, 0, Tiles.BLOCK);
                }
            }
        }

        private void copyImages(int image, int imageEnd, int to) {
            for (int n = image; n < imageEnd; n++) {
                for (int block = 0; block < planes; block++) {
                    System.arraycopy(
                            x,
                            xBase + (n * planes + block) * Tiles.BLOCK,
                            s,
                            to + block * plane + (n - image) * Tiles.BLOCK,
                            Tiles.BLOCK);
                }
            }
        }

        /** The input rows of output rows row..rowEnd-1 with zeros where they lie outside the image. */
        private void copyRows(int image, int row, int rowEnd, int to) {
            int first = row * g.stepH() + minY;
            int count = (rowEnd - row - 1) * g.stepH() + maxY - minY + 1;
            for (int channel = 0; channel < planes; channel++) {
                int from = xBase + (image * planes + channel) * g.h() * g.w() * unit;
                for (int i = 0; i < count; i++) {
                    copyRow(first + i, from, to + channel * plane + i * pitch);
                }
            }
        }

        private void copyRow(int inputRow, int from, int to) {
            int start = Math.clamp(-minX, 0, copiedColumns) * unit;
            int end = inputRow < 0 || inputRow >= g.h() ? 0 : Math.clamp(g.w() - minX, 0, copiedColumns) * unit;
            if (start >= end) {
                Arrays.fill(s, to, to + pitch, 0);
                return;
            }
            Arrays.fill(s, to, to + start, 0);
            System.arraycopy(x, from + (inputRow * g.w() + minX) * unit + start, s, to + start, end - start);
            Arrays.fill(s, to + end, to + pitch, 0);
        }
    }
}
