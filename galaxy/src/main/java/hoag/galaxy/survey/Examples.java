package hoag.galaxy.survey;

import hoag.kernels.ConfigException;
import java.util.List;

/**
 * What to look for: like these, and less like those.
 *
 * @param like at least one representation
 * @param unlike any number
 */
public record Examples(List<float[]> like, List<float[]> unlike) {
    /** What the mean distance to {@code unlike} counts beside that to {@code like}. */
    static final double LESS = 0.5;

    /** @throws ConfigException when there is nothing to be like */
    public Examples {
        like = List.copyOf(like);
        unlike = List.copyOf(unlike);
        if (like.isEmpty()) {
            throw new ConfigException("search: no example; give at least one --like");
        }
    }

    /** Like one. */
    public static Examples of(float... like) {
        return new Examples(List.of(like), List.of());
    }

    int count() {
        return like.size() + unlike.size();
    }

    float[] at(int example) {
        return example < like.size() ? like.get(example) : unlike.get(example - like.size());
    }

    double weight(int example) {
        return example < like.size() ? 1.0 / like.size() : -LESS / unlike.size();
    }

    double score(float[] row, Metric metric) {
        double score = 0;
        for (int i = 0; i < count(); i++) {
            score += weight(i) * metric.between(at(i), row);
        }
        return score;
    }
}
