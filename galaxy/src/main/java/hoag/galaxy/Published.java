package hoag.galaxy;

import hoag.engine.files.Weights;
import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Preprocess;
import hoag.kernels.ConfigException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** What published weights say in their metadata of how pictures are prepared for them: mean and deviation of the channels. */
final class Published {
    private Published() {}

    /** Whether they say anything. */
    static boolean says(Weights file) {
        return file.metadata().containsKey("mean");
    }

    /** Pictures of a size, normalised as the weights say, if they do. */
    static Preprocess preprocess(Path from, Weights file, int size) {
        Preprocess plain = Preprocess.of(size, Channels.RGB_OR_GREY);
        return says(file)
                ? plain.normalise(mean(numbers(from, file, "mean"), 3), mean(numbers(from, file, "std"), 3))
                : plain;
    }

    /** Of each channel, where a file says it for so many; else the mean of what it says, for each. */
    static List<Double> mean(List<Double> values, int channels) {
        double mean = values.stream().mapToDouble(value -> value).average().orElse(0);
        return values.size() == channels ? values : Collections.nCopies(channels, mean);
    }

    private static List<Double> numbers(Path from, Weights file, String key) {
        return Arrays.stream(file.metadata().getOrDefault(key, "").split(","))
                .map(text -> number(from, key, text))
                .toList();
    }

    private static Double number(Path from, String key, String text) {
        try {
            return Double.valueOf(text.strip());
        } catch (NumberFormatException e) {
            throw new ConfigException(
                    from + ": its metadata '" + key + "' holds '" + text + "', which is no number", e);
        }
    }
}
