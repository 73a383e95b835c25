package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Json;
import hoag.galaxy.Anomalies;
import hoag.galaxy.Cluster;
import hoag.galaxy.Compute;
import hoag.galaxy.Evaluate;
import hoag.galaxy.Finetune;
import hoag.galaxy.Index;
import hoag.galaxy.Labelled;
import hoag.galaxy.Looks;
import hoag.galaxy.Mapping;
import hoag.galaxy.Pictures;
import hoag.galaxy.Predict;
import hoag.galaxy.Recipe;
import hoag.galaxy.Represent;
import hoag.galaxy.Search;
import hoag.galaxy.Serve;
import hoag.galaxy.Train;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.TrainSettings;
import hoag.galaxy.map.MapSettings;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The verbs of the command line, called from Java: the same names, the same files. */
class VerbsTest {
    private static final TrainSettings QUICK =
            TrainSettings.DEFAULT.epochs(2).batch(4).rate(2e-3).ema(0.9);

    @TempDir
    Path folder;

    /** Options that belong to the terminal, and those whose record calls them otherwise. */
    private static final Set<String> TERMINAL = Set.of("json", "quiet", "help", "print", "rate", "user", "tokenFile");

    private static final Map<String, String> ELSEWHERE = Map.of("average", "tta", "label", "label");

    /** Verbs that Java has another word for. */
    private static final Map<Class<?>, String> NAMES = Map.of(Mapping.class, "map");

    @Test
    void everyOptionIsInTheApi() {
        var commands = Main.commandLine().getSubcommands();
        for (Class<?> verb : new Class<?>[] {
            Predict.class,
            Represent.class,
            Train.class,
            Finetune.class,
            Evaluate.class,
            Index.class,
            Search.class,
            Anomalies.class,
            Mapping.class,
            Serve.class,
            Cluster.class
        }) {
            Set<String> components = new TreeSet<>();
            collect(verb, components);
            var command =
                    commands.get(NAMES.getOrDefault(verb, verb.getSimpleName().toLowerCase(Locale.ROOT)));
            for (OptionSpec option : command.getCommandSpec().options()) {
                String name = camel(option.longestName().substring(2));
                assertTrue(
                        TERMINAL.contains(name) || components.contains(ELSEWHERE.getOrDefault(name, name)),
                        verb.getSimpleName() + " has no " + name + " but " + components);
            }
        }
    }

    private static void collect(Class<?> type, Set<String> names) {
        for (RecordComponent component : type.getRecordComponents()) {
            names.add(component.getName());
            if (component.getType().isRecord()) {
                collect(component.getType(), names);
            } else if (component.getType().isInterface() && component.getType().isSealed()) {
                for (Class<?> kind : component.getType().getPermittedSubclasses()) {
                    collect(kind, names);
                }
            }
        }
    }

    private static String camel(String option) {
        StringBuilder name = new StringBuilder();
        for (String word : option.split("-")) {
            name.append(name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return name.toString();
    }

    /** What a command does where nothing is said is what the verb does where nothing is said. */
    @Test
    void theSameDefaults() {
        Train train = new Train(Labelled.tree(folder, folder, "gz2"), folder);
        defaults("train", train.recipe(), train.recipe().settings());
        assertEquals(train.architecture(), initial("train", "--architecture"));
        Finetune finetune = new Finetune(Labelled.tree(folder, folder, "gz2"), folder, folder);
        defaults("finetune", finetune.recipe(), finetune.recipe().settings());
        assertEquals(finetune.recipe().settings().layerDecay() + "", initial("finetune", "--layer-decay"));
        assertEquals(finetune.recipe().settings().mode().text(), initial("finetune", "--mode"));
        Looks looks = Looks.ONE;
        assertEquals(
                looks.batch() + " " + looks.samples() + " " + looks.tta() + " " + looks.seed(),
                Stream.of("--batch", "--samples", "--tta", "--seed")
                        .map(name -> initial("predict", name))
                        .reduce((a, b) -> a + " " + b)
                        .orElseThrow());
        Predict predict = new Predict(folder, Pictures.of(folder), folder);
        assertEquals(predict.columns().name().toLowerCase(Locale.ROOT), initial("predict", "--columns"));
        assertEquals(predict.bounds().name().toLowerCase(Locale.ROOT), initial("predict", "--bounds"));
        Evaluate evaluate = new Evaluate(folder, folder, folder, folder);
        assertEquals(evaluate.split().name().toLowerCase(Locale.ROOT), initial("evaluate", "--split"));
        assertEquals(evaluate.mistakes() + "", initial("evaluate", "--mistakes"));
        assertEquals(Index.THUMBNAIL + "", initial("index", "--thumbnail"));
        Search search = new Search(folder, "g");
        assertEquals(search.k() + " " + search.seed(), initial("search", "--k") + " " + initial("search", "--seed"));
        assertEquals(search.metric().name().toLowerCase(Locale.ROOT), initial("search", "--metric"));
        Anomalies anomalies = new Anomalies(folder, folder, folder);
        assertEquals(
                anomalies.components() + " " + anomalies.tradeoff() + " " + anomalies.propose() + " "
                        + anomalies.seed(),
                Stream.of("--components", "--tradeoff", "--propose", "--seed")
                        .map(name -> initial("anomalies", name))
                        .reduce((a, b) -> a + " " + b)
                        .orElseThrow());
        Cluster cluster = new Cluster(folder);
        assertEquals(
                cluster.grouping().method().text() + " "
                        + cluster.grouping().k().getFirst() + " "
                        + cluster.grouping().restarts() + " "
                        + cluster.grouping().least() + " "
                        + cluster.grouping().samples() + " " + cluster.dims() + " " + cluster.seed(),
                Stream.of("--method", "--k", "--restarts", "--least", "--samples", "--dims", "--seed")
                        .map(name -> initial("cluster", name))
                        .reduce((a, b) -> a + " " + b)
                        .orElseThrow());
        Mapping mapping = new Mapping(folder);
        MapSettings map = mapping.settings();
        assertEquals(
                map.method().text() + " " + map.dims() + " " + map.neighbours() + " " + map.minDist() + " "
                        + (int) map.perplexity() + " " + map.epochs() + " "
                        + mapping.file().grid() + " "
                        + mapping.file().cell() + " " + mapping.seed(),
                Stream.of(
                                "--method",
                                "--dims",
                                "--neighbours",
                                "--min-dist",
                                "--perplexity",
                                "--epochs",
                                "--grid",
                                "--cell",
                                "--seed")
                        .map(name -> initial("map", name))
                        .reduce((a, b) -> a + " " + b)
                        .orElseThrow());
        assertEquals(map.metric().name().toLowerCase(Locale.ROOT), initial("map", "--metric"));
        assertEquals(anomalies.covariance().name().toLowerCase(Locale.ROOT), initial("anomalies", "--covariance"));
    }

    private static void defaults(String command, Recipe recipe, TrainSettings settings) {
        assertEquals(settings.rule().optimizer().name().toLowerCase(Locale.ROOT), initial(command, "--optimizer"));
        assertEquals(settings.rule().schedule().name().toLowerCase(Locale.ROOT), initial(command, "--schedule"));
        Map.of(
                        "--batch", settings.batch() + "",
                        "--weight-decay", settings.weightDecay() + "",
                        "--warmup", settings.warmup() + "",
                        "--clip", settings.clip() + "",
                        "--ema", settings.ema() + "",
                        "--patience", settings.patience() + "",
                        "--dropout", recipe.dropout() + "",
                        "--drop-path", recipe.dropPath() + "",
                        "--augment", recipe.augment(),
                        "--seed", settings.seed() + "")
                .forEach((name, value) ->
                        assertEquals(number(value), number(initial(command, name)), command + " " + name));
    }

    private static String number(String text) {
        return text.matches("[0-9.]+") ? String.valueOf(Double.parseDouble(text)) : text;
    }

    private static String initial(String command, String option) {
        ArgSpec spec = Main.commandLine()
                .getSubcommands()
                .get(command)
                .getCommandSpec()
                .findOption(option);
        return spec.defaultValue();
    }

    @Test
    void predictAndRepresent() throws IOException {
        Path model = Hoag.model(folder.resolve("m.safetensors"), 0.3);
        Path images = Hoag.pictures(folder.resolve("images"), 7);
        Files.write(images.resolve("g3.png"), new byte[0]);
        Hoag.run("predict", images, "--model", model, "--out", folder.resolve("cli.csv"), "--samples", 3, "-q");
        var result = new Predict(model, Pictures.of(images), folder.resolve("api.csv"))
                .samples(3)
                .run(Progress.NONE);
        assertEquals(6, result.rows());
        assertEquals(1, result.failed().size());
        assertEquals(-1, Files.mismatch(folder.resolve("cli.csv"), folder.resolve("api.csv")));

        Hoag.run("represent", images, "--model", model, "--out", folder.resolve("cli.npy"), "--average", 2, "-q");
        var features = new Represent(model, Pictures.of(images), folder.resolve("api.npy"))
                .average(2)
                .compute(Compute.cpu(1))
                .run(Progress.NONE);
        assertEquals(512, features.columns());
        assertEquals(-1, Files.mismatch(folder.resolve("cli.npy"), folder.resolve("api.npy")));
        assertEquals(-1, Files.mismatch(folder.resolve("cli.ids.csv"), features.ids()));
    }

    @Test
    void trainFinetuneEvaluate() throws IOException {
        Path images = Hoag.pictures(folder.resolve("images"), 12);
        Path csv = Hoag.catalogue(folder.resolve("c.csv"), 12);
        Labelled data = Labelled.label(csv, images, "stage", "radius:number");
        Path grown = folder.resolve("api.safetensors");
        var fitted = new Train(data, grown)
                .architecture("resnet18")
                .recipe(Recipe.of(QUICK).size(32))
                .run(Progress.NONE);
        assertTrue(fitted.finished() && fitted.epochs() == 2);
        Hoag run = Hoag.run(
                "train",
                "--catalog",
                csv,
                "--images",
                images,
                "--label",
                "stage",
                "--label",
                "radius:number",
                "--architecture",
                "resnet18",
                "--size",
                32,
                "--epochs",
                2,
                "--batch",
                4,
                "--rate",
                2e-3,
                "--ema",
                0.9,
                "--out",
                folder.resolve("cli.safetensors"),
                "--json");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("\"finished\": true"), run.out());
        assertEquals(-1, Files.mismatch(grown, folder.resolve("cli.safetensors")));

        Path tuned = folder.resolve("tuned.safetensors");
        var head = new Finetune(Labelled.label(csv, images, "ring:flag"), grown, tuned).run(Progress.NONE);
        assertTrue(head.finished() && Double.isFinite(head.validLoss()));
        var scores = new Evaluate(tuned, csv, images, folder.resolve("scores"))
                .split(Evaluate.Part.ALL)
                .run(Progress.NONE);
        assertEquals("ring", scores.reports().getFirst().name());
        assertEquals(
                12,
                Json.read(folder.resolve("scores/metrics.json")).get("galaxies").integer());
    }

    @Test
    void aListenerHearsAndStops() throws IOException {
        Path model = Hoag.model(folder.resolve("m.safetensors"), 0);
        Path images = Hoag.pictures(folder.resolve("images"), 9);
        long[] heard = new long[1];
        Progress stop = new Progress() {
            @Override
            public void at(String what, long done, long total, String note) {
                heard[0] = done;
            }

            @Override
            public boolean stopping() {
                return heard[0] >= 4;
            }
        };
        Predict predict = new Predict(model, Pictures.of(images), folder.resolve("v.csv")).looks(Looks.ONE.batch(4));
        var result = predict.run(stop);
        assertFalse(result.finished());
        assertEquals(4, result.rows());
        assertFalse(Files.exists(folder.resolve("v.csv")));
        assertTrue(predict.resume(true).run(Progress.NONE).finished());
        assertEquals(10, Files.readAllLines(folder.resolve("v.csv")).size());
    }
}
