package hoag.cuda;

import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerCompile;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerCreate;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerDestroy;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetErrorLog;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetErrorLogSize;

import hoag.kernels.Kernel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;

/** NVIDIA's assembler in the JVM, without a GPU or a driver: what it takes, the driver of such a chip takes. */
public final class Assembler {
    /** Turing, Ampere, Hopper. */
    public static final List<String> CHIPS = List.of("sm_75", "sm_80", "sm_90");

    static {
        Natives.within(() -> JNvPTXCompiler.setExceptionsEnabled(false));
    }

    private Assembler() {}

    /** Empty, or what is wrong with the text. */
    public static String complaint(String ptx, String chip, String... options) {
        byte[] bytes = (ptx + "\0").getBytes(StandardCharsets.US_ASCII);
        var handle = new nvPTXCompilerHandle();
        int made = nvPTXCompilerCreate(handle, bytes.length, bytes);
        if (made != 0) {
            return "assembler: " + made;
        }
        try {
            String[] all = new String[options.length + 1];
            all[0] = "--gpu-name=" + chip;
            System.arraycopy(options, 0, all, 1, options.length);
            int result = nvPTXCompilerCompile(handle, all.length, all);
            return result == 0 ? "" : chip + ": " + log(handle);
        } finally {
            nvPTXCompilerDestroy(handle);
        }
    }

    /** The kernel of many tensors with this one's formulas, as neighbours of its kind run; empty if it is for none. */
    public static Optional<String> many(Kernel.Pointwise kernel) {
        boolean fits = kernel.inputs().size() + kernel.outputs().size() <= Struct.TABLE;
        return Optional.ofNullable(fits ? Together.Part.of(kernel, List.of()) : null)
                .map(part -> Ptx.module("pointwise_many", part.kind().slot()));
    }

    private static String log(nvPTXCompilerHandle handle) {
        long[] size = new long[1];
        nvPTXCompilerGetErrorLogSize(handle, size);
        byte[] log = new byte[(int) size[0] + 1];
        nvPTXCompilerGetErrorLog(handle, log);
        return new String(log, StandardCharsets.US_ASCII).trim();
    }
}
