package hoag.galaxy.survey;

import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import hoag.kernels.ConfigException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What all representations of a survey have in common.
 *
 * @param width features of a representation, 1..1,000,000
 * @param model fingerprint of the model file, {@code sha256:...}
 * @param modelFile where the model was, for people and for looking at new pictures
 * @param views looks at each picture whose mean was taken, 1..10,000
 */
public record SurveyInfo(int width, String model, String modelFile, int views) {
    static final int FORMAT = 1;

    /** @throws ConfigException when a value is out of its range */
    public SurveyInfo {
        if (width < 1 || width > 1_000_000) {
            throw new ConfigException("survey: width is " + width + "; want 1..1,000,000");
        }
        if (views < 1 || views > 10_000) {
            throw new ConfigException("survey: views is " + views + "; want 1..10,000");
        }
    }

    String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("format", FORMAT);
        all.put("width", width);
        all.put("model", model);
        all.put("modelFile", modelFile);
        all.put("views", views);
        return Json.compact(all);
    }

    static SurveyInfo parse(String source, String text) {
        JsonNode node = Json.parse(source, text);
        int format = node.get("format").integer();
        if (format != FORMAT) {
            throw node.error("a survey of format " + format + "; this Hoag reads format " + FORMAT);
        }
        return new SurveyInfo(
                node.get("width").integer(),
                node.get("model").string(),
                node.get("modelFile").string(),
                node.get("views").integer());
    }

    /**
     * Refuses to mix.
     *
     * @throws ConfigException when the other has another model, width or number of views
     */
    void mustFit(SurveyInfo other, String file) {
        if (!model.equals(other.model)) {
            throw new ConfigException(file + ": was made by model " + brief(model) + " (" + modelFile + "), not by "
                    + brief(other.model) + " (" + other.modelFile
                    + "); representations of two models cannot be compared: give that model, or another --out");
        }
        if (width != other.width) {
            throw new ConfigException(file + ": holds representations of " + width + " features, not " + other.width
                    + "; give another --out");
        }
        if (views != other.views) {
            throw new ConfigException(file + ": holds means over " + views + " views, not " + other.views
                    + "; give --average " + views + ", or another --out");
        }
    }

    private static String brief(String fingerprint) {
        return fingerprint.substring(0, Math.min(19, fingerprint.length()));
    }
}
