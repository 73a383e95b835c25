package hoag.cuda;

import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDeviceGetAttribute;
import static jcuda.driver.JCudaDriver.cuDeviceGetCount;
import static jcuda.driver.JCudaDriver.cuDeviceGetName;
import static jcuda.driver.JCudaDriver.cuDeviceTotalMem;
import static jcuda.driver.JCudaDriver.cuDriverGetVersion;
import static jcuda.driver.JCudaDriver.cuInit;

import hoag.kernels.DeviceException;
import hoag.kernels.Precision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;

/** What the driver says: its version, its devices, and what its error codes mean to the user. */
final class Driver {
    /** CUDA 11.4: driver 470, the first with cuGraphInstantiateWithFlags, which is what JCuda calls to make a graph ready. */
    private static final int OLDEST = 11040;

    private static final int OLDEST_DEVICE = 75;
    private static final int TENSOR_CORES = 80;
    private static final String CPU = "run with --device cpu";
    private static final Pattern RELEASE = Pattern.compile("Kernel Module[^\\n]*?\\s(\\d{3,}(?:\\.\\d+)+)\\s");

    private Driver() {}

    /** One GPU. */
    record Card(int number, CUdevice handle, String name, int capability, long bytes) {
        /** Empty if kernels can run on it. */
        String whyNot() {
            return capability >= OLDEST_DEVICE
                    ? ""
                    : "compute capability " + capability / 10 + "." + capability % 10
                            + " is too old; Hoag's kernels need 7.5 (Turing, 2018) or newer";
        }

        /** The same for products by tensor cores. */
        String whyNot(Precision precision) {
            return precision == Precision.FP32 || capability >= TENSOR_CORES || !whyNot().isEmpty()
                    ? whyNot()
                    : "compute capability " + capability / 10 + "." + capability % 10 + " has no tensor cores for "
                            + precision + "; 8.0 (Ampere, 2020) or newer is needed, leave --precision out";
        }

        @Override
        public String toString() {
            return "cuda:" + number + " " + name + ", compute capability " + capability / 10 + "." + capability % 10
                    + ", " + (bytes >> 20) + " MiB" + (whyNot().isEmpty() ? "" : ", not usable: " + whyNot());
        }
    }

    /** The driver's newest CUDA, as 1000 major + 10 minor. */
    static int version() {
        int[] version = new int[1];
        check("cuda", cuDriverGetVersion(version), "ask for the driver's version");
        return version[0];
    }

    /** The release of the driver, such as 580.65.06, as the kernel module says it; empty where it does not. */
    static Optional<String> release() {
        return release(Path.of("/proc/driver/nvidia/version"));
    }

    static Optional<String> release(Path file) {
        try {
            return RELEASE.matcher(Files.readString(file))
                    .results()
                    .map(found -> found.group(1))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** @throws DeviceException if there is none, or the driver is too old */
    static List<Card> cards() {
        check("cuda", cuInit(0), "start the driver");
        if (version() < OLDEST) {
            throw new DeviceException("cuda: the driver knows CUDA " + text(version()) + ", Hoag needs " + text(OLDEST)
                    + " or newer; install an NVIDIA driver from 470 on, or " + CPU);
        }
        int[] count = new int[1];
        check("cuda", cuDeviceGetCount(count), "count devices");
        if (count[0] == 0) {
            throw new DeviceException(line("cuda", CUresult.CUDA_ERROR_NO_DEVICE, "count devices"));
        }
        var cards = new ArrayList<Card>();
        for (int number = 0; number < count[0]; number++) {
            cards.add(card(number));
        }
        return cards;
    }

    private static Card card(int number) {
        String who = "cuda:" + number;
        var handle = new CUdevice();
        check(who, cuDeviceGet(handle, number), "open the device");
        byte[] name = new byte[256];
        check(who, cuDeviceGetName(name, name.length, handle), "ask for the name");
        long[] bytes = new long[1];
        check(who, cuDeviceTotalMem(bytes, handle), "ask for the memory");
        int capability = 10 * attribute(who, handle, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
                + attribute(who, handle, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
        String text = new String(name, StandardCharsets.UTF_8);
        return new Card(number, handle, text.substring(0, text.indexOf('\0')), capability, bytes[0]);
    }

    static int attribute(String who, CUdevice device, int which) {
        int[] value = new int[1];
        check(who, cuDeviceGetAttribute(value, which, device), "ask for a property");
        return value[0];
    }

    static String text(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }

    /**
     * @param who such as cuda:0
     * @param doing what was asked, for the message
     * @throws DeviceException if the driver refused
     */
    static void check(String who, int result, String doing) {
        if (result != CUresult.CUDA_SUCCESS) {
            throw new DeviceException(line(who, result, doing));
        }
    }

    private static String line(String who, int result, String doing) {
        String what = CUresult.stringFor(result) + " (" + result + ")";
        return switch (result) {
            case CUresult.CUDA_ERROR_NO_DEVICE ->
                who
                        + ": the driver sees no GPU (nvidia-smi lists them; CUDA_VISIBLE_DEVICES may hide them); make"
                        + " one visible, or "
                        + CPU;
            case CUresult.CUDA_ERROR_OUT_OF_MEMORY ->
                who + ": out of memory while trying to " + doing
                        + "; use a smaller batch (--batch), end other programs on this GPU (nvidia-smi lists them), or "
                        + CPU;
            case CUresult.CUDA_ERROR_INVALID_PTX,
                    CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION,
                    CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU,
                    CUresult.CUDA_ERROR_JIT_COMPILER_NOT_FOUND ->
                who + ": the driver does not take this build's kernels, " + what
                        + "; install a newer NVIDIA driver, or " + CPU;
            case CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH,
                    CUresult.CUDA_ERROR_STUB_LIBRARY,
                    CUresult.CUDA_ERROR_SYSTEM_NOT_READY ->
                who + ": driver and kernel module do not belong together, " + what
                        + "; restart the machine after a driver update, or " + CPU;
            case CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE, CUresult.CUDA_ERROR_INVALID_DEVICE ->
                who + ": the device cannot be used now, " + what
                        + "; another program may hold it alone (nvidia-smi -q -d COMPUTE), or " + CPU;
            case CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
                    CUresult.CUDA_ERROR_LAUNCH_FAILED,
                    CUresult.CUDA_ERROR_LAUNCH_TIMEOUT,
                    CUresult.CUDA_ERROR_ECC_UNCORRECTABLE,
                    CUresult.CUDA_ERROR_ASSERT,
                    CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR,
                    CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION,
                    CUresult.CUDA_ERROR_MISALIGNED_ADDRESS,
                    CUresult.CUDA_ERROR_INVALID_ADDRESS_SPACE,
                    CUresult.CUDA_ERROR_INVALID_PC,
                    CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED,
                    CUresult.CUDA_ERROR_UNKNOWN ->
                who + ": the device was lost while trying to " + doing + ", " + what
                        + "; nothing computed there can be trusted: start again (dmesg may say more), or " + CPU;
            default -> who + ": the driver refused to " + doing + ", " + what + "; try again, or " + CPU;
        };
    }
}
