package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import hoag.kernels.cpu.Loops.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Layer normalisation over the channels of a blocked tensor, a piece of some pixels at a time ({@link PlaneStandard}). */
final class LayerNormPlanes implements Launch {
    private static final int BLOCK = Tiles.BLOCK;

    private final PlaneStandard standard;
    private final Loop result;
    private final List<CpuEpilogue.Steps> extras;

    LayerNormPlanes(Kernel.LayerNorm kernel) {
        var s = kernel.input();
        standard = new PlaneStandard(s, kernel.eps());
        extras = kernel.epilogue().extras().stream()
                .map(extra -> CpuEpilogue.steps(s, extra))
                .toList();
        List<Kind> kinds = new ArrayList<>(List.of(Kind.STREAM, Kind.STREAM, Kind.STREAM));
        extras.forEach(steps -> kinds.add(steps.kind()));
        result = Loops.map(List.of(CpuLayerNorm.formula(kernel)), kinds);
    }

    @Override
    public String algorithm() {
        return "planes, " + standard.pixels + " pixels at a time";
    }

    @Override
    public long scratch(int workers) {
        return (long) workers * standard.floats();
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(operands, scratch);
    }

    private final class Bound implements Work {
        private final int scratch;
        private final int base;
        private final PlaneStandard.Bound statistics;
        private final float[][] arrays;
        private final int[] bases;
        private final PerWorker offsets;

        Bound(List<Buffer> operands, Buffer memory) {
            float[] s = memory.floats();
            scratch = memory.offset();
            statistics = standard.new Bound(operands.getFirst().floats(), s);
            base = operands.getFirst().offset();
            arrays = new float[operands.size() + 2][];
            bases = new int[arrays.length];
            Arrays.fill(arrays, 0, 3, s);
            for (int i = 0; i < operands.size(); i++) {
                int at = i == 0 ? 0 : i + 2;
                arrays[at] = operands.get(i).floats();
                bases[at] = operands.get(i).offset();
            }
            offsets = new PerWorker(Math.max(6, arrays.length));
        }

        @Override
        public int tasks(int phase) {
            return standard.images * standard.pieces;
        }

        @Override
        public void run(int phase, int task, int worker) {
            int image = task / standard.pieces;
            int first = task % standard.pieces * standard.pixels;
            int count = standard.count(task % standard.pieces);
            if (count <= 0) {
                return;
            }
            int plane = standard.plane * BLOCK;
            int from = base + image * standard.blocks * plane + first * BLOCK;
            int mine = scratch + worker * standard.floats();
            int[] at = offsets.of(worker);
            statistics.run(from, count, mine, at);
            int last = bases.length - 1;
            for (int block = 0; block < standard.blocks; block++) {
                at[0] = from + block * plane;
                at[1] = mine + standard.means();
                at[2] = mine;
                for (int i = 3; i < last; i++) {
                    at[i] = bases[i] + extras.get(i - 3).at(image, block, first * BLOCK);
                }
                at[last] = at[0] - base + bases[last];
                result.run(arrays, at, count * BLOCK);
            }
        }
    }
}
