package hoag.cuda;

import hoag.kernels.Kernel;

/** Formulas over a space: {@code pointwise.cu} with the formulas in its slot. */
final class CudaPointwise {
    private CudaPointwise() {}

    static CudaLaunch prepare(Device device, Kernel.Pointwise kernel) {
        Slot slot = Slot.store(kernel);
        int count = kernel.space().size();
        return new CudaLaunch(device, slot.algorithm())
                .together(kernel)
                .with(
                        "pointwise",
                        slot,
                        Grid.turns(count),
                        (operands, scratch) -> new Struct().table(operands).ints(count));
    }
}
