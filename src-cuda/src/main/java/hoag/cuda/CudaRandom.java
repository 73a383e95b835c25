package hoag.cuda;

import hoag.kernels.Kernel;

/** Uniform numbers ({@code random.cu}); seed and step are read from the device's memory, so a recorded run draws anew each time. */
final class CudaRandom {
    private CudaRandom() {}

    static CudaLaunch prepare(Device device, Kernel.Random kernel) {
        int count = kernel.shape().size();
        return new CudaLaunch(device, "counters")
                .random()
                .with(
                        "random_uniform",
                        null,
                        Grid.turns(count),
                        (operands, scratch) -> new Struct()
                                .pointer(device.state())
                                .pointer(operands.getFirst())
                                .whole(kernel.node())
                                .ints(count));
    }
}
