package hoag.cuda;

import static jcuda.driver.JCudaDriver.cuLaunchKernel;

import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUstream;

/** Something that a device does, ready to start any number of times: a kernel with its grid and its argument, or a call of a vendor's library. */
record Call(String name, Start start) {
    /** Puts it behind what the stream has to do. */
    interface Start {
        /** @throws hoag.kernels.DeviceException if it is refused */
        void on(CUstream stream);
    }

    /**
     * @param who such as cuda:0, for the message
     * @param shared bytes of shared memory beside what the kernel names
     */
    static Call kernel(String who, String name, CUfunction function, Grid grid, int shared, Pointer arguments) {
        return new Call(name, stream -> {
            int result = cuLaunchKernel(
                    function, grid.x(), grid.y(), grid.z(), Grid.THREADS, 1, 1, shared, stream, arguments, null);
            Driver.check(who, result, "start the kernel " + name);
        });
    }
}
