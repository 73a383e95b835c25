/** How a GPU does it, through JCuda's driver API; without JCuda or a driver it says why not. */
module hoag.cuda {
    requires hoag.kernels;
    requires static jcuda;
    requires static jcublas;
    requires static jcudnn;

    provides hoag.kernels.Backend with
            hoag.cuda.CudaBackend;
}
