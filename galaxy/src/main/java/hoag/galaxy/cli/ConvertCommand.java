package hoag.galaxy.cli;

import hoag.engine.files.DType;
import hoag.engine.files.Npy;
import hoag.engine.files.Safetensors;
import hoag.engine.files.TensorData;
import hoag.engine.files.Weights;
import hoag.engine.onnx.Onnx;
import hoag.engine.onnx.OnnxModel;
import hoag.galaxy.Bare;
import hoag.galaxy.BareOnnx;
import hoag.galaxy.data.Outputs;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.OnnxInput;
import hoag.galaxy.learn.Task;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The same numbers in another file. */
@Command(
        name = "convert",
        description =
                "Copies a model, weights (.safetensors, .pt, .pth, .bin, .ckpt) or arrays (.npy, .npz) into another"
                        + " format or type.",
        footer = {
            "",
            "What the file says about itself is kept. f16 and bf16 halve a model; Hoag reads all three.",
            "Of a checkpoint (Lightning, or a dict with state_dict or model) the model's weights are taken, under the"
                    + " names",
            "that the model gives them; --prefix takes another part, --prefix \"\" takes all under their whole names.",
            "A checkpoint of Zoobot with its head becomes a whole model, tree, preprocessing and all.",
            "Nothing in a PyTorch file is executed.",
            "An .onnx file (opset 18) holds a Hoag model from prepared pictures to representations and answers; its"
                    + " metadata say how to prepare them.",
            "",
            "Published weights become an .onnx file with the outputs features and, if they have a classifier, logits.",
            "Of an .onnx file Hoag takes a model that it wrote, whole; of others the weights.",
            "",
            "Examples:",
            "  hoag convert galaxies.safetensors small.safetensors --type f16",
            "  hoag convert features.npy features.safetensors",
            "  hoag convert arrays.npz arrays.safetensors",
            "  hoag convert model.pt model.safetensors",
            "  hoag convert galaxies.safetensors galaxies.onnx --batch 8",
            "  hoag convert galaxies.safetensors galaxies.onnx --batch 0 --pixels",
            "  hoag convert published.safetensors folder",
            "  hoag convert timm.safetensors timm.onnx --batch 0 --pixels --normalise imagenet",
            "  hoag convert last.ckpt encoder.safetensors --prefix state_dict.encoder."
        })
final class ConvertCommand implements Callable<Integer> {
    private static final String ONNX = ".onnx";

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

    @Parameters(
            index = "0",
            paramLabel = "IN",
            description = "a .safetensors, .pt, .pth, .bin, .ckpt, .onnx, .npy or .npz file, or a folder with"
                    + " model.safetensors and config.json")
    Path in;

    @Parameters(
            index = "1",
            paramLabel = "OUT",
            description = "a .safetensors, .npz, .npy (one array) or .onnx (a model) file, or a folder for"
                    + " model.safetensors and config.json")
    Path out;

    @Mixin
    BareOptions bare;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "f32, f16 or bf16 for all floating-point numbers (default: as they are)")
    Type type;

    @Option(
            names = "--prefix",
            paramLabel = "TEXT",
            description = "only tensors whose names begin so, without that beginning (default: a checkpoint's model)")
    String prefix;

    @Option(
            names = "--batch",
            defaultValue = "1",
            paramLabel = "N",
            description = "pictures at once that an .onnx file is for; 0: any number (default: ${DEFAULT-VALUE})")
    int batch;

    @Option(
            names = "--pixels",
            description = "an .onnx file that takes bytes (batch, size, size, channels) and normalises them itself")
    boolean pixels;

    @Override
    public Integer call() {
        if (!isFolder()) {
            Outputs.file(out);
            if (ending(out, ".safetensors", ".npy", ".npz", ONNX).equals(ONNX)) {
                return onnx();
            }
        }
        if (!bare.says().equals(Bare.AS_IT_SAYS)) {
            throw new ConfigException(
                    out + ": --architecture, --size and --normalise are for published weights that become"
                            + " an .onnx file");
        }
        Optional<GalaxyModel> zoobot = prefix == null && (isSafetensors() || isFolder()) && !GalaxyModel.isOnnx(in)
                ? GalaxyModel.zoobot(in)
                : Optional.empty();
        if (zoobot.isPresent()) {
            return whole(zoobot.get());
        }
        if (GalaxyModel.isOnnx(in)) {
            return ofOnnx(Onnx.read(in));
        }
        try (Weights file = Weights.open(in)) {
            Weights part = prefix == null ? file.model() : file.under(prefix);
            Map<String, String> metadata = metadata(part);
            String architecture = isFolder() && prefix == null ? GalaxyModel.architectureOf(in) : null;
            if (architecture != null) {
                metadata.putIfAbsent("architecture", architecture);
            }
            write(part.tensors(), metadata);
            tell(file, part);
        }
        return 0;
    }

    /** A model that Hoag wrote comes back whole, of others the weights under the names that they have in the file. */
    private int ofOnnx(OnnxModel read) {
        if (read.metadata().containsKey("hoag") && isSafetensors() && prefix == null) {
            return whole(GalaxyModel.load(in));
        }
        String start = prefix == null ? "" : prefix;
        List<TensorData> tensors = new ArrayList<>();
        read.weights().forEach((name, variable) -> {
            if (name.startsWith(start) && variable.shape().rank() > 0) { // single numbers belong to the program
                tensors.add(TensorData.of(name.substring(start.length()), variable.shape(), variable.values()));
            }
        });
        Map<String, String> metadata = new LinkedHashMap<>(read.metadata());
        metadata.remove("hoag");
        write(tensors, metadata);
        if (!common.quiet) {
            common.out().println(String.format(Locale.ROOT, "%s: %d tensors, %,d bytes", out, tensors.size(), bytes()));
        }
        return 0;
    }

    private boolean isSafetensors() {
        return !isFolder() && out.toString().toLowerCase(Locale.ROOT).endsWith(".safetensors");
    }

    /** Encoder, head, tree and preprocessing of a Zoobot checkpoint. */
    private DType stored() {
        return type == null ? DType.F32 : type.stored;
    }

    /** By way of a file, which says what a folder's configuration says too. */
    private void folder(GalaxyModel model) {
        Path file = out.resolveSibling(out.getFileName() + ".safetensors.tmp");
        try {
            model.save(file, stored());
            try (Weights whole = Weights.open(file)) {
                Map<String, String> metadata = new TreeMap<>(whole.metadata());
                metadata.put("architecture", model.architecture());
                Weights.writeFolder(out, whole.tensors(), metadata);
            }
        } finally {
            file.toFile().delete();
        }
    }

    private int whole(GalaxyModel model) {
        if (isFolder()) {
            folder(model);
        } else {
            model.save(out, stored());
        }
        if (!common.quiet) {
            common.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%s: a whole model of %s, %,d bytes, with the checkpoint's head and %s",
                            out,
                            model.architecture(),
                            bytes(),
                            String.join(
                                    ", ", model.tasks().stream().map(Task::name).toList())));
        }
        return 0;
    }

    private int onnx() {
        if (batch < 0 || type != null || prefix != null) {
            throw new ConfigException(
                    batch < 0
                            ? "--batch " + batch + " is not allowed; it must be 0 or more"
                            : out + ": an .onnx file holds the whole model in f32; leave out --type and --prefix");
        }
        if (GalaxyModel.isOnnx(in)) {
            throw new ConfigException(in + ": is an .onnx file already; convert it to .safetensors");
        }
        if (!wholeModel()) {
            return bareOnnx();
        }
        if (!bare.says().equals(Bare.AS_IT_SAYS)) {
            throw new ConfigException(in + " says itself how pictures are prepared; --architecture, --size and"
                    + " --normalise are for weights that do not");
        }
        GalaxyModel model = GalaxyModel.load(in);
        model.writeOnnx(out, batch, pixels);
        if (!common.quiet) {
            common.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%s: %s, %s to features and answers, %,d bytes",
                            out,
                            model.architecture(),
                            taken(model.preprocess()),
                            out.toFile().length()));
        }
        return 0;
    }

    private boolean wholeModel() {
        try (Weights file = Weights.open(in)) {
            return file.metadata().containsKey("hoag") || GalaxyModel.zoobot(in).isPresent();
        }
    }

    private int bareOnnx() {
        BareOnnx.Result made = new BareOnnx(in, bare.says(), new OnnxInput(batch, pixels)).write(out);
        if (!common.quiet) {
            common.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%s: %s, %s to %s, %,d bytes",
                            out,
                            made.architecture(),
                            taken(made.preprocess()),
                            made.classes() == 0
                                    ? made.features() + " features (the weights have no classifier)"
                                    : made.features() + " features and the logits of " + made.classes() + " classes",
                            out.toFile().length()));
            common.out().println("  " + prepared(made));
        }
        return 0;
    }

    private String prepared(BareOnnx.Result made) {
        if (!made.normalised()) {
            return "pictures of 0..1 have to be normalised as the weights want them, which the file does not say;"
                    + " --normalise notes it";
        }
        return (pixels ? "normalises by itself" : "pictures of 0..1 have to be normalised") + ": mean "
                + made.preprocess().mean() + ", deviation " + made.preprocess().deviation();
    }

    private String taken(Preprocess preprocess) {
        String count = batch == 0 ? "any" : String.valueOf(batch);
        int size = preprocess.size();
        int channels = preprocess.channels();
        return pixels
                ? "pixels (%s, %d, %d, %d), bytes,".formatted(count, size, size, channels)
                : "image (%s, %d, %d, %d)".formatted(count, channels, size, size);
    }

    /** What stays true of a part: a whole model's description does not; what comes from PyTorch says so, as other readers want to know. */
    private static Map<String, String> metadata(Weights part) {
        Map<String, String> metadata = new LinkedHashMap<>(part.metadata());
        if (!part.prefix().isEmpty()) {
            metadata.remove("hoag");
        }
        switch (part.kind()) {
            case TORCH, TORCH_OLD, LIGHTNING -> metadata.put("format", "pt");
            case SAFETENSORS, NPY, NPZ, ONNX -> {}
        }
        return metadata;
    }

    private void write(Collection<TensorData> tensors, Map<String, String> metadata) {
        List<TensorData> converted = tensors.stream().map(this::converted).toList();
        if (isFolder()) {
            Weights.writeFolder(out, converted, metadata);
        } else if (ending(out, ".safetensors", ".npy", ".npz").equals(".safetensors")) {
            Safetensors.write(out, converted, metadata);
        } else if (ending(out, ".npz", ".npy").equals(".npz")) {
            Npy.writeAll(out, converted);
        } else if (converted.size() == 1) {
            Npy.write(out, converted.getFirst());
        } else {
            throw new ConfigException(out + ": an .npy file holds one array, " + in + " has " + converted.size()
                    + "; give a name that ends in .safetensors or .npz");
        }
    }

    private boolean isFolder() {
        return Files.isDirectory(out) || !out.getFileName().toString().contains(".");
    }

    private long bytes() {
        return (isFolder() ? out.resolve("model.safetensors") : out).toFile().length();
    }

    private void tell(Weights file, Weights part) {
        if (common.quiet) {
            return;
        }
        common.out()
                .println(String.format(
                        Locale.ROOT,
                        "%s: %d tensors, %,d bytes (%,d before)",
                        out,
                        part.tensors().size(),
                        bytes(),
                        file.path().toFile().length()));
        if (!part.prefix().isEmpty()) {
            common.out()
                    .println("  those under " + part.prefix() + ", without it in their names; "
                            + (file.tensors().size() - part.tensors().size()) + " others left out");
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
