package hoag.cuda;

import hoag.kernels.Buffer;
import hoag.kernels.Kernel;

/** Mean and variance over axes ({@code moments.cu}): chunks, then a merge. */
final class CudaMoments {
    private static final int CHUNK = 8192;

    private CudaMoments() {}

    static CudaLaunch prepare(Device device, Kernel.Moments kernel) {
        Axes kept = CudaReduce.axes(kernel.input(), kernel.axes(), false);
        Axes folded = CudaReduce.axes(kernel.input(), kernel.axes(), true);
        int outputs = kernel.outputs().getFirst().size() / 2;
        int length = kernel.input().size() == 0 ? 0 : folded.count();
        Splits parts = Splits.chunks(outputs, length, CHUNK);
        int chunks = length == 0 ? 0 : parts.count();
        int chunk = parts.stretch();
        int part = chunks * outputs;
        return new CudaLaunch(device, "a block each, " + chunks + " chunks", 2L * part)
                .with(
                        "moments_chunks",
                        null,
                        new Grid(outputs, chunks, 1),
                        (operands, scratch) -> new Struct()
                                .pointer(operands.getFirst())
                                .pointer(scratch.slice(0, part))
                                .pointer(scratch.slice(part, part))
                                .axes(kept)
                                .axes(folded)
                                .ints(outputs, length, chunk))
                .with(
                        "moments_merge",
                        null,
                        Grid.each(outputs),
                        (operands, scratch) -> new Struct()
                                .pointer(part(scratch, 0, part))
                                .pointer(part(scratch, part, part))
                                .pointer(operands.getLast())
                                .ints(outputs, length, chunk));
    }

    private static Buffer part(Buffer scratch, int from, int count) {
        return scratch == null ? null : scratch.slice(from, count);
    }
}
