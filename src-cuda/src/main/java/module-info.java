/** Says why a GPU cannot be used yet. */
module hoag.cuda {
    requires hoag.kernels;

    provides hoag.kernels.Backend with
            hoag.cuda.CudaBackend;
}
