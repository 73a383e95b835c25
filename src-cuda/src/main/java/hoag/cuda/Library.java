package hoag.cuda;

import hoag.kernels.DeviceException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** NVIDIA's libraries that can compute products and convolutions, if the user has them. JCuda's classes for them are loaded when somebody asks. */
enum Library {
    /** Products, of CUDA 12: JCublas asks for this version by name. */
    CUBLAS("cuBLAS", "libcublas.so.12", "org.jcuda:jcublas:12.6.0 and org.jcuda:jcublas-natives:12.6.0") {
        @Override
        void load() {
            jcuda.jcublas.JCublas2.setExceptionsEnabled(false);
        }
    },
    /** Convolutions. The Java part is older than the native one: there is no later one, and it takes this. */
    CUDNN("cuDNN", "libcudnn.so.9", "org.jcuda:jcudnn:11.7.0 and org.jcuda:jcudnn-natives:12.6.0") {
        @Override
        void load() {
            jcuda.jcudnn.JCudnn.setExceptionsEnabled(false);
        }
    };

    private final String title;
    private final String file;
    private final String jars;
    private Optional<String> why;

    Library(String title, String file, String jars) {
        this.title = title;
        this.file = file;
        this.jars = jars;
    }

    abstract void load();

    /** Empty if it can be called; else what is missing. */
    synchronized Optional<String> whyNot() {
        if (why == null) {
            why = probe();
        }
        return why;
    }

    private Optional<String> probe() {
        try {
            Natives.within(this::load);
            return Optional.empty();
        } catch (LinkageError e) {
            return Optional.of(title + " is not there: " + reason(e));
        }
    }

    private String reason(LinkageError e) {
        String all = Gpu.text(e);
        if (all.contains(file)) {
            return file + " not found (LD_LIBRARY_PATH says where to look)";
        }
        return e instanceof NoClassDefFoundError && !all.contains("initialize")
                ? "its Java classes are not on the class path, " + jars
                : "its JCuda library for this system is not there or of another version, " + jars;
    }

    /** What is missing of all, in one line; empty if nothing is. */
    static Optional<String> missing() {
        List<String> missing = Arrays.stream(values())
                .flatMap(library -> library.whyNot().stream())
                .toList();
        return missing.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", missing));
    }

    /** @throws DeviceException unless it did what was asked */
    void check(String who, int status, String doing) {
        if (status != 0) {
            throw new DeviceException(who + ": " + title + " refused to " + doing + ", " + said(status)
                    + "; use a smaller batch, leave --algorithms out, or run with --device cpu");
        }
    }

    private String said(int status) {
        return switch (this) {
            case CUBLAS -> jcuda.jcublas.cublasStatus.stringFor(status) + " (" + status + ")";
            case CUDNN -> cudnn(status) + " (" + status + ")";
        };
    }

    /** Numbers of cuDNN 9: JCudnn has the names of those of version 8. */
    private static String cudnn(int status) {
        return switch (status / 1000) {
            case 1 -> "it is not wholly there or not of one version";
            case 2 -> "it does not take these sizes";
            case 3 -> "not supported";
            case 4 -> "an error of its own";
            case 5 -> "the device failed";
            default -> "status";
        };
    }

    /** The names of those that are there. */
    static String there() {
        return Arrays.stream(values())
                .filter(library -> library.whyNot().isEmpty())
                .map(library -> library.title)
                .collect(Collectors.joining(", "));
    }
}
