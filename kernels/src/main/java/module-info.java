/** What can be computed, and how a CPU does it; the reference backend is the truth. No dependency outside the JDK. */
module hoag.kernels {
    requires jdk.incubator.vector;

    exports hoag.kernels;
    exports hoag.kernels.cpu;
    exports hoag.kernels.reference;

    uses hoag.kernels.Backend;

    provides hoag.kernels.Backend with
            hoag.kernels.cpu.CpuBackend,
            hoag.kernels.reference.ReferenceBackend;
}
