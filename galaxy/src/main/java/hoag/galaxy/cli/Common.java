package hoag.galaxy.cli;

import hoag.galaxy.Compute;
import hoag.kernels.Algorithms;
import hoag.kernels.Backend;
import hoag.kernels.Precision;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that every command has. */
final class Common {
    /** Lines of what was left out, at most. */
    private static final int SAID = 100;

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    @Option(
            names = "--device",
            defaultValue = "cpu",
            paramLabel = "NAME",
            description =
                    "where to compute: cpu, cuda or reference (default: ${DEFAULT-VALUE}); cuda:1 is the second GPU,"
                            + " cuda:0,1 or cuda:all share the batches of train and finetune")
    String device;

    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = Threads.class,
            description = "threads of the CPU (default: all cores)")
    Integer threads;

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "N",
            description = "for everything random (default: ${DEFAULT-VALUE})")
    long seed;

    @Option(names = "--exact", description = "no convolution by Winograd's transform: slower, half the rounding error")
    boolean exact;

    @Option(
            names = "--precision",
            defaultValue = "fp32",
            paramLabel = "P",
            description =
                    "how operands of products and convolutions are rounded: fp32 (not), tf32 or bf16, by the tensor"
                            + " cores of a GPU (default: ${DEFAULT-VALUE})")
    Precision precision;

    @Option(
            names = "--algorithms",
            defaultValue = "own",
            paramLabel = "A",
            description =
                    "products and convolutions of a GPU: own, those of cuBLAS and cuDNN (cudnn), or for each shape"
                            + " whichever is faster here (auto) (default: ${DEFAULT-VALUE})")
    Algorithms algorithms;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "keep decoded pictures there, for later epochs and runs")
    Path cache;

    @Option(names = "--json", description = "one line of JSON instead of a table")
    boolean json;

    @Option(
            names = {"-q", "--quiet"},
            description = "no progress, errors only")
    boolean quiet;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "this text")
    boolean help;

    /** The chosen device, ready; the caller closes it. */
    Backend open() {
        return compute().open();
    }

    /** Where to compute. */
    Compute compute() {
        return new Compute(device, cores(), exact, cache, precision, algorithms);
    }

    /** Says what could not be used, of very many the first. */
    void leftOut(List<String> failed) {
        failed.stream().limit(SAID).forEach(reason -> err().println("hoag: left out: " + reason));
        if (failed.size() > SAID) {
            err().println(String.format(
                    Locale.ROOT, "hoag: left out: %,d more; --json names them all", failed.size() - SAID));
        }
    }

    /** Threads to use. */
    int cores() {
        return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    }

    /** Where results go. */
    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Where what went wrong goes. */
    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    static final class Threads implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            try {
                int count = Integer.parseInt(text);
                if (count >= 1 && count <= 1024) {
                    return count;
                }
            } catch (NumberFormatException e) {
                // told below, with the text
            }
            throw new picocli.CommandLine.TypeConversionException(
                    "--threads " + text + " is not allowed; it must be 1..1024, or left out to use all cores");
        }
    }
}
