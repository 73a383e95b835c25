package hoag.galaxy.parquet;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The other direction of {@link ThriftReader}: maps from field number to Integer, Long, Boolean, String, List or Map. */
final class ThriftWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private ThriftWriter() {}

    static byte[] struct(Map<Integer, Object> fields) {
        var writer = new ThriftWriter();
        writer.fields(fields);
        return writer.out.toByteArray();
    }

    private void fields(Map<Integer, Object> fields) {
        int before = 0;
        for (var field : new TreeMap<>(fields).entrySet()) {
            out.write(field.getKey() - before << 4 | type(field.getValue()));
            before = field.getKey();
            if (!(field.getValue() instanceof Boolean)) value(field.getValue());
        }
        out.write(0);
    }

    private static int type(Object value) {
        return switch (value) {
            case Boolean yes -> yes ? 1 : 2;
            case Integer _ -> 5;
            case Long _ -> 6;
            case String _ -> 8;
            case List<?> _ -> 9;
            case Map<?, ?> _ -> 12;
            default -> throw new IllegalArgumentException(value.getClass().getName());
        };
    }

    @SuppressWarnings("unchecked") // structures here are maps from field numbers and nothing else
    private void value(Object value) {
        switch (value) {
            case Integer i -> varint((long) i << 1 ^ i >> 31);
            case Long l -> varint(l << 1 ^ l >> 63);
            case String s -> {
                var bytes = s.getBytes(StandardCharsets.UTF_8);
                varint(bytes.length);
                out.writeBytes(bytes);
            }
            case List<?> list -> {
                int type = list.isEmpty() ? 12 : type(list.getFirst());
                out.write(Math.min(list.size(), 15) << 4 | type);
                if (list.size() >= 15) varint(list.size());
                list.forEach(this::value);
            }
            case Map<?, ?> map -> fields((Map<Integer, Object>) map);
            default -> throw new IllegalArgumentException(value.getClass().getName());
        }
    }

    private void varint(long value) {
        for (; (value & ~127L) != 0; value >>>= 7) out.write((int) (value & 127 | 128));
        out.write((int) value);
    }
}
