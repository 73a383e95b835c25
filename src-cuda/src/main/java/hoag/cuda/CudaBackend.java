package hoag.cuda;

import hoag.kernels.Backend;
import hoag.kernels.Buffer;
import hoag.kernels.DeviceException;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import hoag.kernels.Work;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Optional;

/**
 * NVIDIA GPUs. This build holds no CUDA kernels yet, so {@link #whyNot} always has an answer, which tells a missing driver from missing
 * kernels; everything that would compute throws it.
 */
public final class CudaBackend implements Backend {
    private static final String DRIVER = "libcuda.so.1";

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public String description() {
        return "NVIDIA GPU";
    }

    @Override
    public Optional<String> whyNot() {
        return Optional.of(
                driverLoads()
                        ? "cuda: the driver is there, but the CUDA kernels are not part of this build; run with"
                                + " --device cpu"
                        : "cuda: " + DRIVER
                                + " not found, and the CUDA kernels are not part of this build; run with --device cpu");
    }

    @SuppressWarnings("restricted") // asking whether a library loads means loading it; no function of it is called
    private static boolean driverLoads() {
        try (Arena arena = Arena.ofConfined()) {
            return SymbolLookup.libraryLookup(DRIVER, arena).find("cuInit").isPresent();
        } catch (IllegalArgumentException | IllegalCallerException e) {
            return false;
        }
    }

    private DeviceException refused() {
        return new DeviceException(whyNot().orElseThrow());
    }

    @Override
    public Buffer allocate(long elements) {
        throw refused();
    }

    @Override
    public Optional<Buffer> share(float[] host, int offset, int length) {
        return Optional.empty();
    }

    @Override
    public void write(float[] from, int fromOffset, Buffer to, int count) {
        throw refused();
    }

    @Override
    public void read(Buffer from, float[] to, int toOffset, int count) {
        throw refused();
    }

    @Override
    public Wish wish(Kernel kernel, List<Layout> offered) {
        throw refused();
    }

    @Override
    public boolean fuses(Kernel kernel, Kernel.Epilogue epilogue) {
        return false;
    }

    @Override
    public Launch prepare(Kernel kernel, Wish layouts) {
        throw refused();
    }

    @Override
    public void run(List<Work> works) {
        throw refused();
    }

    @Override
    public int workers() {
        return 0;
    }

    @Override
    public void close() {}
}
