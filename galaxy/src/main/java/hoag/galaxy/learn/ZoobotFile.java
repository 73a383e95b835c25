package hoag.galaxy.learn;

import hoag.engine.files.TensorData;
import hoag.engine.files.Weights;
import hoag.engine.nn.Loading;
import hoag.engine.nn.Modules;
import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.models.Backbones;
import hoag.galaxy.models.Guess;
import hoag.galaxy.tree.Question;
import hoag.galaxy.tree.Schema;
import hoag.kernels.FormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A checkpoint of Zoobot (2.0 to 2.9) as a model: encoder under {@code encoder.}, the head under {@code head.linear.} or, of trees,
 * {@code head.1.0.}; the tree from its question-answer pairs and dependencies, which stand in it as plain values or in a pickled object that is
 * read as data.
 */
final class ZoobotFile {
    private static final int SIZE = 224;
    /** Zoobot 2.5 and later predict on the picture magnified so. */
    private static final double ZOOM = 1.2;
    /** Zoobot 2.0 predicted on random crops of 70% to 80% of the area; this is the side of the mean one. */
    private static final double CROP = Math.sqrt(0.75);

    private final Path file;
    private final Weights weights;
    private final Map<?, ?> settings;

    private ZoobotFile(Path file, Weights weights, Map<?, ?> settings) {
        this.file = file;
        this.weights = weights;
        this.settings = settings;
    }

    /** The model; nothing if the file is no such checkpoint, or of an architecture that Hoag does not have. */
    static Optional<GalaxyModel> find(Path file, Weights tensors) {
        return of(file, tensors).filter(found -> found.guess().isPresent()).map(ZoobotFile::model);
    }

    /**
     * The model; nothing if the file is no such checkpoint.
     *
     * @throws FormatException when its architecture is unknown, or head and tree do not fit it
     */
    static Optional<GalaxyModel> read(Path file, Weights tensors) {
        return of(file, tensors).map(ZoobotFile::model);
    }

    private static Optional<ZoobotFile> of(Path file, Weights tensors) {
        Weights model = tensors.model();
        boolean known = tensors.values().value() instanceof Map<?, ?> top
                && top.get("hyper_parameters") instanceof Map<?, ?>
                && model.names().stream().anyMatch(name -> name.startsWith("encoder."))
                && model.names().stream().anyMatch(name -> name.startsWith("head."));
        return known
                ? Optional.of(new ZoobotFile(
                        file, model, (Map<?, ?>) ((Map<?, ?>) tensors.values().value()).get("hyper_parameters")))
                : Optional.empty();
    }

    private GalaxyModel model() {
        Guess guess = architecture();
        TensorData weight = head("weight");
        List<Task> tasks = List.of(task((int) weight.shape()[0]));
        GalaxyModel made = GalaxyModel.of(guess.architecture(), tasks, preprocess(guess.channels()), dropout());
        Loading.EXACT.into(Modules.variables(made.net().encoder()), weights.under("encoder."), file);
        made.net()
                .head()
                .linear()
                .weight()
                .set(fitting(weight, made.net().head().linear().weight().shape().size()));
        made.net().head().linear().bias().set(fitting(head("bias"), (int) weight.shape()[0]));
        made.about().put("from", "Zoobot checkpoint " + file.getFileName());
        return made;
    }

    private float[] fitting(TensorData data, int count) {
        if (data.count() != count) {
            throw new FormatException("%s: %s has %d numbers, its architecture and tree want %d"
                    .formatted(file, data.name(), data.count(), count));
        }
        return data.floats();
    }

    private Guess architecture() {
        Optional<Guess> guess = guess();
        if (guess.isPresent()) {
            return guess.get();
        }
        throw new FormatException(file + ": a Zoobot checkpoint whose encoder "
                + (settings.get("architecture_name") instanceof String name ? "(" + name + ") " : "")
                + "is of no architecture that Hoag has; it has " + String.join(", ", Backbones.names()));
    }

    private Optional<Guess> guess() {
        return Guess.of(weights.under("encoder."));
    }

    private TensorData head(String what) {
        return weights.find("head.linear." + what)
                .or(() -> weights.find("head.1.0." + what))
                .orElseThrow(() -> new FormatException(file
                        + ": a Zoobot checkpoint without head.linear." + what + " and head.1.0." + what
                        + "; start from its encoder with hoag finetune --from " + file));
    }

    private Task task(int outputs) {
        Map<?, ?> tree =
                settings.get("schema") instanceof Map<?, ?> pickled && pickled.get("state") instanceof Map<?, ?> state
                        ? state
                        : settings;
        if (tree.get("question_answer_pairs") instanceof Map<?, ?> pairs) {
            Schema schema = schema(pairs, tree.get("dependencies") instanceof Map<?, ?> after ? after : Map.of());
            if (schema.width() != outputs) {
                throw new FormatException(
                        "%s: its tree has %d answers, its head %d outputs".formatted(file, schema.width(), outputs));
            }
            return new Task.Votes(schema);
        }
        String column = settings.get("label_col") instanceof String label ? label : "label";
        if (outputs > 1) {
            return new Task.Classes(
                    column,
                    IntStream.range(0, outputs).mapToObj(String::valueOf).toList(),
                    0);
        }
        return Boolean.TRUE.equals(settings.get("unit_interval"))
                ? new Task.Flag(column)
                : new Task.Number(column, 0, 1);
    }

    private Schema schema(Map<?, ?> pairs, Map<?, ?> dependencies) {
        List<Question> questions = new ArrayList<>();
        pairs.forEach((question, answers) -> {
            String name = question.toString();
            List<String> given = ((List<?>) answers)
                    .stream()
                            .map(answer -> answer.toString().replaceFirst("^_", ""))
                            .toList();
            Object parent = dependencies.get(name);
            questions.add(new Question(name, given, parent == null ? List.of() : List.of(parent.toString())));
        });
        return known(questions).orElseGet(() -> new Schema("zoobot", "the tree of " + file.getFileName(), questions));
    }

    /** A built-in tree with the same columns has a name. */
    private static Optional<Schema> known(List<Question> questions) {
        return Schema.names().stream()
                .map(Schema::named)
                .filter(schema -> schema.questions().equals(questions))
                .findFirst();
    }

    private boolean isNew() {
        return settings.containsKey("training_mode") || settings.containsKey("timm_kwargs");
    }

    private Preprocess preprocess(int channels) {
        Channels colours = channels != 1 ? Channels.RGB_OR_GREY : isNew() ? Channels.LUMINANCE : Channels.MEAN;
        Preprocess plain = Preprocess.of(SIZE, colours);
        return isNew() ? plain.zoom(ZOOM) : plain.crop(CROP);
    }

    private double dropout() {
        for (String name : List.of("head_dropout_prob", "dropout_prob", "dropout_rate")) {
            if (settings.get(name) instanceof Number rate) {
                return rate.doubleValue();
            }
        }
        return 0;
    }
}
