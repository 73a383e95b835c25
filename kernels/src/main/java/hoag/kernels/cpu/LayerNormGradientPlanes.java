package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import hoag.kernels.cpu.Loops.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The gradient of {@link LayerNormPlanes}, a piece of some pixels at a time. Its parts of the gradients of weight and bias have slots of their own; the second phase adds
 * them in float64, in order.
 */
final class LayerNormGradientPlanes implements Launch {
    private static final int BLOCK = Tiles.BLOCK;
    private static final int SLOT = 2 * Partials.SIZE;

    private final Kernel.LayerNormGradient kernel;
    private final PlaneStandard standard;
    private final Loop sums;
    private final Loop vectors;
    private final Loop result;
    private final List<CpuEpilogue.Steps> extras;

    LayerNormGradientPlanes(Kernel.LayerNormGradient kernel) {
        this.kernel = kernel;
        standard = new PlaneStandard(kernel.input(), kernel.eps());
        extras = kernel.epilogue().extras().stream()
                .map(extra -> CpuEpilogue.steps(kernel.input(), extra))
                .toList();
        List<Kind> kinds = new ArrayList<>(List.of(Kind.STREAM, Kind.STREAM, Kind.LANES, Kind.STREAM, Kind.STREAM));
        vectors = Loops.roughSum(CpuLayerNormGradient.vectors(), kinds);
        List<Expr> both = CpuLayerNormGradient.sums();
        kinds.addAll(List.of(Kind.STREAM, Kind.STREAM));
        sums = Loops.map(List.of(Expr.in(5).plus(both.get(0)), Expr.in(6).plus(both.get(1))), kinds);
        extras.forEach(steps -> kinds.add(steps.kind()));
        result = Loops.map(List.of(CpuLayerNormGradient.formula(kernel)), kinds);
    }

    @Override
    public String algorithm() {
        return "planes, " + standard.pixels + " pixels at a time";
    }

    /** The statistics, then four numbers for each pixel and lane: the two sums, and their means over the channels. */
    private int ofWorker() {
        return standard.floats() + 4 * standard.pixels * BLOCK;
    }

    private int pieces() {
        return standard.images * standard.pieces;
    }

    private int slots() {
        return pieces() * standard.blocks * SLOT;
    }

    @Override
    public long scratch(int workers) {
        return slots() + (long) workers * ofWorker();
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(operands, scratch);
    }

    private final class Bound implements Work {
        private final float[] s;
        private final int slots;
        private final int scratch;
        private final PlaneStandard.Bound statistics;
        private final float[][] arrays;
        private final float[][] summing;
        private final int[] bases;
        private final int base;
        private final Buffer[] gradients;
        private final PerWorker offsets;

        Bound(List<Buffer> operands, Buffer memory) {
            s = memory.floats();
            slots = memory.offset();
            scratch = slots + slots();
            statistics = standard.new Bound(operands.getFirst().floats(), s);
            base = operands.getFirst().offset();
            int inputs = kernel.inputs().size();
            arrays = new float[inputs + 5][];
            bases = new int[arrays.length];
            Arrays.fill(arrays, s);
            for (int i = 0; i <= inputs; i++) {
                int at = i < 3 ? i : i + 4;
                arrays[at] = operands.get(i).floats();
                bases[at] = operands.get(i).offset();
            }
            summing = Arrays.copyOf(arrays, 9);
            Arrays.fill(summing, 5, 9, s);
            gradients = new Buffer[] {operands.get(inputs + 1), operands.get(inputs + 2)};
            offsets = new PerWorker(Math.max(9, arrays.length));
        }

        @Override
        public int phases() {
            return 2;
        }

        @Override
        public int tasks(int phase) {
            return phase == 0 ? pieces() : standard.blocks;
        }

        @Override
        public void run(int phase, int task, int worker) {
            if (phase == 1) {
                add(task);
                return;
            }
            int piece = task % standard.pieces;
            if (standard.count(piece) > 0) {
                piece(task, task / standard.pieces, piece, scratch + worker * ofWorker(), offsets.of(worker));
            }
        }

        private void piece(int task, int image, int piece, int mine, int[] at) {
            int plane = standard.plane * BLOCK;
            int first = piece * standard.pixels * BLOCK;
            int length = standard.count(piece) * BLOCK;
            int from = image * standard.blocks * plane + first;
            statistics.run(base + from, length / BLOCK, mine, at);
            int all = mine + standard.floats();
            int step = standard.pixels * BLOCK;
            Arrays.fill(s, all, all + length, 0);
            Arrays.fill(s, all + step, all + step + length, 0);
            for (int block = 0; block < standard.blocks; block++) {
                operands(at, from + block * plane, block, mine);
                at[5] = all;
                at[6] = all + step;
                at[7] = all;
                at[8] = all + step;
                sums.run(summing, at, length);
                int slot = slots + (task * standard.blocks + block) * SLOT;
                at[5] = slot;
                at[6] = slot + Partials.SIZE;
                vectors.run(summing, at, length);
            }
            statistics.spread(all, all + 2 * step, length / BLOCK);
            statistics.spread(all + step, all + 3 * step, length / BLOCK);
            int last = bases.length - 1;
            for (int block = 0; block < standard.blocks; block++) {
                operands(at, from + block * plane, block, mine);
                at[5] = all + 2 * step;
                at[6] = all + 3 * step;
                for (int i = 7; i < last; i++) {
                    at[i] = bases[i] + extras.get(i - 7).at(image, block, first);
                }
                at[last] = bases[last] + from + block * plane;
                result.run(arrays, at, length);
            }
        }

        /** x, dy, weight, mean and one over the deviation. */
        private void operands(int[] at, int from, int block, int mine) {
            at[0] = bases[0] + from;
            at[1] = bases[1] + from;
            at[2] = bases[2] + block * BLOCK;
            at[3] = mine + standard.means();
            at[4] = mine;
        }

        /** Sixteen elements of the gradients of weight and bias. */
        private void add(int block) {
            for (int which = 0; which < 2; which++) {
                Buffer to = gradients[which];
                for (int lane = 0; lane < BLOCK; lane++) {
                    double all = 0;
                    for (int piece = 0; piece < pieces(); piece++) {
                        int slot = slots + (piece * standard.blocks + block) * SLOT + which * Partials.SIZE;
                        all += standard.count(piece % standard.pieces) > 0 ? s[slot + lane] : 0;
                    }
                    to.floats()[to.offset() + block * BLOCK + lane] = (float) all;
                }
            }
        }
    }
}
