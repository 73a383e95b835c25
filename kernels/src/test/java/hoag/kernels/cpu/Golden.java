package hoag.kernels.cpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A fixture of cases in one safetensors file (inputs, truth in float64, error of PyTorch's own float32), read with two patterns. */
final class Golden {
    private static final Pattern CASE = Pattern.compile(
            "\\{\"name\":\"([^\"]+)\",\"op\":\"([^\"]+)\",\"attrs\":\\{(.*?)\\},\"in\".*?\"error\":\\{(.*?)\\}");

    private final ByteBuffer bytes;
    private final String header;

    Golden(String resource) {
        try (var in = Golden.class.getResourceAsStream(resource)) {
            bytes = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            header = new String(bytes.array(), 8, (int) bytes.getLong(0), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    record Case(String name, String op, String attributes, String errors) {
        /** Numbers of an attribute such as {@code "stride":[2,2]}. */
        int[] numbers(String attribute) {
            return ints(
                    first("\"" + attribute + "\":\\[?([-0-9,]+)", attributes).group(1));
        }

        /** Largest |truth| and the largest error of PyTorch's float32. */
        double[] error(String tensor) {
            String both = first("\"" + tensor + "\":\\[([^\\]]+)\\]", errors).group(1);
            return Stream.of(both.split(",")).mapToDouble(Double::parseDouble).toArray();
        }

        boolean has(String tensor) {
            return errors.contains("\"" + tensor + "\"");
        }

        double tolerance(String tensor) {
            double[] error = error(tensor);
            return 4 * error[1] + 1e-6 * error[0];
        }
    }

    List<Case> cases() {
        return CASE.matcher(header.replace("\\\"", "\""))
                .results()
                .map(m -> new Case(m.group(1), m.group(2), m.group(3), m.group(4)))
                .toList();
    }

    private MatchResult entry(String tensor) {
        return first(
                "\"" + Pattern.quote(tensor)
                        + "\": ?\\{\"dtype\": ?\"(\\w+)\", ?\"shape\": ?\\[([0-9, ]*)\\], ?\"data_offsets\":"
                        + " ?\\[(\\d+), ?(\\d+)\\]",
                header);
    }

    int[] shape(String tensor) {
        return ints(entry(tensor).group(2));
    }

    float[] floats(String tensor) {
        var entry = entry(tensor);
        float[] values = new float[(Integer.parseInt(entry.group(4)) - Integer.parseInt(entry.group(3))) / 4];
        at(entry).asFloatBuffer().get(values);
        return values;
    }

    double[] doubles(String tensor) {
        var entry = entry(tensor);
        double[] values = new double[(Integer.parseInt(entry.group(4)) - Integer.parseInt(entry.group(3))) / 8];
        at(entry).asDoubleBuffer().get(values);
        return values;
    }

    private ByteBuffer at(MatchResult entry) {
        return bytes.duplicate()
                .order(ByteOrder.LITTLE_ENDIAN)
                .position((int) (8 + bytes.getLong(0)) + Integer.parseInt(entry.group(3)));
    }

    private static MatchResult first(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + pattern));
    }

    private static int[] ints(String text) {
        return text.isBlank()
                ? new int[0]
                : Stream.of(text.split(","))
                        .mapToInt(each -> Integer.parseInt(each.strip()))
                        .toArray();
    }
}
