package hoag.galaxy.learn;

import hoag.engine.Variable;
import hoag.engine.files.AtomicFile;
import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import hoag.engine.files.Safetensors;
import hoag.engine.files.TensorData;
import hoag.engine.nn.Modules;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A run on disk: the best model under its own name, beside it {@code NAME.last} with all that going on needs (weights, optimizer, position)
 * and {@code NAME.metrics.csv}. Every file is written under another name and renamed, so a kill at any moment leaves the former one whole.
 */
public final class Checkpoint {
    private static final String HEADER = "epoch,seconds,images_per_second,rate,train_loss,valid_loss,valid_accuracy\n";

    /** Letters of two values that a refusal still shows. */
    private static final int SHOWN = 80;

    private final Path best;
    private final Path last;
    private final Path metrics;
    private final String fingerprint;
    private final int keep;
    private GalaxyModel model;
    private Map<String, Variable> state = Map.of();
    private final StringBuilder rows = new StringBuilder();

    /**
     * @param fingerprint of data and settings: a run goes on only with its own
     * @param resume false removes what an earlier run left
     */
    public Checkpoint(Path best, String fingerprint, boolean resume) {
        this(best, fingerprint, resume, 1);
    }

    /** @param keep of so many epochs, those with the best validation loss, the models are kept beside the best: {@code NAME.epochN.safetensors} */
    public Checkpoint(Path best, String fingerprint, boolean resume, int keep) {
        this.best = best;
        this.fingerprint = fingerprint;
        this.keep = keep;
        last = last(best);
        metrics = best.resolveSibling(best.getFileName() + ".metrics.csv");
        if (!resume) {
            remove(last);
            remove(metrics);
        }
    }

    private static Path last(Path best) {
        return best.resolveSibling(best.getFileName() + ".last");
    }

    /** Whether a run of the model of this name is kept. */
    public static boolean isThere(Path best) {
        return Files.exists(last(best));
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be removed: " + e.getMessage() + "; choose another --out", e);
        }
    }

    void watch(GalaxyModel model, Map<String, Variable> state) {
        this.model = model;
        this.state = state;
    }

    /** The position of a run that was kept, its weights loaded; the beginning if there is none. */
    Learner.Position resume() {
        if (!Files.exists(last)) {
            return Learner.Position.START;
        }
        try (Safetensors file = Safetensors.open(last)) {
            JsonNode json = Json.parse(last.toString(), file.metadata().getOrDefault("run", "{}"));
            String kept = json.get("fingerprint").string();
            if (!kept.equals(fingerprint)) {
                throw new ConfigException(last + " belongs to a run with " + other(kept)
                        + "; give --fresh to start anew, or another --out");
            }
            all().forEach((key, variable) -> variable.set(file.get(key).floats()));
            rows.setLength(0);
            rows.append(json.get("metrics").string());
            double bestLoss = json.get("best").isNull()
                    ? Double.POSITIVE_INFINITY
                    : json.get("best").number();
            return new Learner.Position(
                    json.get("epoch").integer(),
                    json.get("step").integer(),
                    json.get("loss").number(),
                    bestLoss,
                    json.get("worse").integer(),
                    json.get("losses").items().stream().map(JsonNode::number).toList());
        }
    }

    /** What the kept run has otherwise: the first line {@code name: value} that differs. */
    private String other(String kept) {
        String[] then = kept.split("\n");
        String[] now = fingerprint.split("\n");
        for (int i = 0; i < Math.min(then.length, now.length); i++) {
            int colon = now[i].indexOf(": ");
            if (!then[i].equals(now[i]) && colon > 0 && then[i].startsWith(now[i].substring(0, colon + 2))) {
                String name = now[i].substring(0, colon);
                String before = then[i].substring(colon + 2);
                String after = now[i].substring(colon + 2);
                boolean small = before.length() + after.length() < SHOWN;
                return "other data or settings: the " + name
                        + (small ? " was " + before + ", is " + after : " differs");
            }
        }
        return "other data or settings";
    }

    private Map<String, Variable> all() {
        Map<String, Variable> all = new LinkedHashMap<>(Modules.variables(model.net()));
        all.putAll(state);
        return all;
    }

    void save(Learner.Position at) {
        List<TensorData> tensors = new ArrayList<>();
        all().forEach((key, variable) -> tensors.add(TensorData.of(key, variable.shape(), variable.values())));
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("fingerprint", fingerprint);
        run.put("epoch", at.epoch());
        run.put("step", at.step());
        run.put("loss", at.lossSum());
        run.put("best", Double.isFinite(at.best()) ? at.best() : null);
        run.put("worse", at.worse());
        run.put("losses", at.losses());
        run.put("metrics", rows.toString());
        Safetensors.write(last, tensors, new TreeMap<>(Map.of("format", "hoag-run", "run", Json.compact(run))));
    }

    void saveBest() {
        model.save(best);
    }

    /** Keeps the model of this epoch if it is among the best, and removes that which it displaces. */
    void keep(List<Double> before, double loss) {
        if (keep == 1) {
            return;
        }
        List<Integer> ranked = IntStream.range(0, before.size())
                .boxed()
                .sorted(Comparator.comparing(before::get))
                .toList();
        boolean full = ranked.size() >= keep;
        if (full && !(loss < before.get(ranked.get(keep - 1)))) {
            return;
        }
        model.save(epoch(before.size() + 1));
        if (full) {
            remove(epoch(ranked.get(keep - 1) + 1));
        }
    }

    private Path epoch(int number) {
        String name = best.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return best.resolveSibling(
                dot > 0 ? name.substring(0, dot) + ".epoch" + number + name.substring(dot) : name + ".epoch" + number);
    }

    /** Where weights went beyond all measure. */
    String largest() {
        String name = "";
        double most = 0;
        for (var entry : Modules.variables(model.net()).entrySet()) {
            for (float value : entry.getValue().values()) {
                if (!(Math.abs(value) <= most)) {
                    name = entry.getKey();
                    most = Float.isFinite(value) ? Math.abs(value) : Double.POSITIVE_INFINITY;
                }
            }
        }
        return Double.isFinite(most)
                ? String.format(Locale.ROOT, "the largest weight is %.3g in %s", most, name)
                : "the weights " + name + " are not finite";
    }

    /** Exchanges weights and their moving averages, where there are any. */
    void swapAverages() {
        Modules.variables(model.net()).forEach((key, variable) -> {
            Variable average = state.get("ema/" + key);
            if (average != null) {
                float[] weights = variable.values();
                variable.set(average.values());
                average.set(weights);
            }
        });
    }

    void row(
            int epoch,
            double seconds,
            double rate,
            double learningRate,
            double trainLoss,
            double validLoss,
            double accuracy) {
        rows.append(String.format(
                Locale.ROOT,
                "%d,%.2f,%.1f,%.6g,%.6f,%s,%s%n",
                epoch,
                seconds,
                rate,
                learningRate,
                trainLoss,
                known(validLoss),
                known(accuracy)));
        AtomicFile.writeText(metrics, HEADER + rows);
    }

    private static String known(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.6f", value);
    }
}
