package hoag.galaxy.cli;

import hoag.engine.files.DType;
import hoag.engine.files.Npy;
import hoag.engine.files.Safetensors;
import hoag.engine.files.TensorData;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The same numbers in another file. */
@Command(
        name = "convert",
        description = "Copies a model or weights (.safetensors) or arrays (.npy, .npz) into another format or type.",
        footer = {
            "",
            "What the file says about itself is kept. f16 and bf16 halve a model; Hoag reads all three.",
            "",
            "Examples:",
            "  hoag convert galaxies.safetensors small.safetensors --type f16",
            "  hoag convert features.npy features.safetensors",
            "  hoag convert arrays.npz arrays.safetensors"
        })
final class ConvertCommand implements Callable<Integer> {
    enum Type {
        F32(DType.F32),
        F16(DType.F16),
        BF16(DType.BF16);

        final DType stored;

        Type(DType stored) {
            this.stored = stored;
        }
    }

    @Mixin
    Common common;

    @Parameters(index = "0", paramLabel = "IN", description = "a .safetensors, .npy or .npz file")
    Path in;

    @Parameters(index = "1", paramLabel = "OUT", description = "a .safetensors or .npy file; .npy holds one array")
    Path out;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "f32, f16 or bf16 for all floating-point numbers (default: as they are)")
    Type type;

    @Override
    public Integer call() {
        Outputs.file(out);
        ending(out, ".safetensors", ".npy");
        if (ending(in, ".safetensors", ".npy", ".npz").equals(".safetensors")) {
            try (Safetensors file = Safetensors.open(in)) {
                write(file.tensors(), file.metadata());
            }
        } else {
            write(
                    in.toString().endsWith(".npz")
                            ? Npy.readAll(in).values()
                            : List.of(Npy.read(in).named("array")),
                    Map.of());
        }
        return 0;
    }

    private void write(Collection<TensorData> tensors, Map<String, String> metadata) {
        List<TensorData> converted = tensors.stream().map(this::converted).toList();
        if (out.toString().endsWith(".safetensors")) {
            Safetensors.write(out, converted, metadata);
        } else if (converted.size() == 1) {
            Npy.write(out, converted.getFirst());
        } else {
            throw new ConfigException(out + ": an .npy file holds one array, " + in + " has " + converted.size()
                    + "; give a name that ends in .safetensors");
        }
        if (!common.quiet) {
            common.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%s: %d tensors, %,d bytes (%,d before)",
                            out,
                            converted.size(),
                            out.toFile().length(),
                            in.toFile().length()));
        }
    }

    private TensorData converted(TensorData tensor) {
        return type == null || !tensor.dtype().isFloat() ? tensor : tensor.to(type.stored);
    }

    private static String ending(Path file, String... known) {
        for (String ending : known) {
            if (file.toString().toLowerCase(Locale.ROOT).endsWith(ending)) {
                return ending;
            }
        }
        throw new DataException(
                file + ": " + (Files.isDirectory(file) ? "is a folder" : "what kind of file is not clear from its name")
                        + "; want one that ends in " + String.join(", ", known));
    }
}
