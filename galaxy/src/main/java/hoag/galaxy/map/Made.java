package hoag.galaxy.map;

import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import hoag.galaxy.survey.Survey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How numbers beside a survey came to be.
 *
 * @param method such as umap or kmeans
 * @param seed of what was random
 * @param settings everything else that was chosen, by the name of the option
 * @param model fingerprint of the model that made the representations, {@code sha256:...}
 * @param objects galaxies that it was made on: the first so many rows; later ones may have been placed among them
 * @param stamp checksum of the representations of those, see {@link Survey#stamp(int)}
 */
public record Made(String method, long seed, SortedMap<String, String> settings, String model, int objects, int stamp) {
    /** Of the first so many galaxies of a survey. */
    public static Made of(Survey survey, int objects, String method, long seed, Map<String, String> settings) {
        return new Made(method, seed, new TreeMap<>(settings), survey.info().model(), objects, survey.stamp(objects));
    }

    /** Whether the survey's first galaxies are still those that it was made on; a survey may have grown since. */
    public boolean fits(Survey survey) {
        return model.equals(survey.info().model()) && objects <= survey.size() && stamp == survey.stamp(objects);
    }

    String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("method", method);
        all.put("seed", seed);
        all.put("settings", settings);
        all.put("model", model);
        all.put("objects", objects);
        all.put("stamp", stamp);
        return Json.compact(all);
    }

    static Made parse(String source, String text) {
        JsonNode node = Json.parse(source, text);
        SortedMap<String, String> settings = new TreeMap<>();
        node.get("settings").members().forEach((name, value) -> settings.put(name, value.string()));
        return new Made(
                node.get("method").string(),
                node.get("seed").whole(),
                settings,
                node.get("model").string(),
                node.get("objects").integer(),
                node.get("stamp").integer());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(method).append(", seed ").append(seed);
        settings.forEach(
                (name, value) -> text.append(", ").append(name).append(' ').append(value));
        return text.append(", of ").append(objects).append(" galaxies").toString();
    }
}
