package hoag.engine.files;

import hoag.engine.files.Python.Instance;
import hoag.engine.files.Python.Name;
import hoag.engine.files.Python.Tuple;
import hoag.kernels.FormatException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The values of a pickle as those of JSON. What becomes of each kind is told at {@link TorchFile#values}. */
final class PickleValues {
    private static final int DEEPEST = 100;
    private static final int LONGEST_ARRAY = 1024;
    private static final String CUT = "...";

    private final String source;
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Object> onPath = Collections.newSetFromMap(new IdentityHashMap<>());
    private long budget;

    PickleValues(String source, long pickled) {
        this.source = source;
        budget = (1 << 12) + 16 * pickled;
    }

    Object plain(Object value) {
        return plain(value, 0);
    }

    private void charge(long cost) {
        budget -= cost;
        if (budget < 0) throw new FormatException("%s: the same values stand at too many places".formatted(source));
    }

    private Object plain(Object value, int depth) {
        charge(1);
        if (depth > DEEPEST) return CUT;
        return switch (value) {
            case null -> null;
            case String text -> text;
            case Boolean truth -> truth;
            case Long number -> number;
            case Double number -> number(number);
            case BigInteger number -> digits(number);
            case byte[] bytes -> hex(bytes);
            case Name name -> name.toString();
            case TorchView view -> view.dtype + " " + Arrays.toString(view.shape);
            case Instance object -> object(object, depth);
            default -> container(value, depth);
        };
    }

    private static Object number(double number) {
        if (Double.isFinite(number)) return number;
        return number != number ? "nan" : number > 0 ? "inf" : "-inf";
    }

    private String digits(BigInteger number) {
        charge(number.bitLength() / 8);
        return number.toString();
    }

    private String hex(byte[] bytes) {
        charge(bytes.length / 4);
        return HexFormat.of().formatHex(bytes);
    }

    /** A list, tuple or dict, unless it stands within itself. */
    private Object container(Object value, int depth) {
        if (!onPath.add(value)) return CUT;
        Object plain = switch (value) {
            case Map<?, ?> map -> dict(map, depth);
            case Tuple tuple -> list(tuple.items, depth);
            case List<?> list -> list(list, depth);
            default -> value.getClass().getSimpleName();
        };
        onPath.remove(value);
        return plain;
    }

    private Map<String, Object> dict(Map<?, ?> map, int depth) {
        var plain = new LinkedHashMap<String, Object>();
        map.forEach((key, item) -> plain.put(PickleNames.label(key), plain(item, depth + 1)));
        return plain;
    }

    private List<Object> list(List<?> items, int depth) {
        var plain = new ArrayList<>();
        for (Object item : items) plain.add(plain(item, depth + 1));
        return plain;
    }

    private Object object(Instance object, int depth) {
        var array = NumpyPickle.read(source, object);
        if (array.isPresent()) return array(array.get());
        var plain = new LinkedHashMap<String, Object>();
        plain.put("class", object.type.toString());
        if (!seen.add(object)) return plain;
        if (object.arguments.size() > 0) plain.put("arguments", list(object.arguments.items, depth + 1));
        if (!object.items.isEmpty()) plain.put("items", list(object.items, depth + 1));
        if (!object.entries.isEmpty()) plain.put("entries", dict(object.entries, depth + 1));
        if (object.state != null) plain.put("state", plain(object.state, depth + 1));
        return plain;
    }

    private Object array(TensorData array) {
        charge(array.data().byteSize() / 8);
        if (array.count() > LONGEST_ARRAY
                || !(array.dtype().isFloat() || array.dtype().isInteger()))
            return array.dtype() + " " + Arrays.toString(array.shape());
        return nested(array, 0, new int[1]);
    }

    private static Object nested(TensorData array, int axis, int[] at) {
        if (axis == array.shape().length) return element(array, at[0]++);
        var list = new ArrayList<>();
        for (long i = 0; i < array.shape()[axis]; i++) list.add(nested(array, axis + 1, at));
        return list;
    }

    private static Object element(TensorData array, int index) {
        return switch (array.dtype()) {
            case BOOL -> array.dtype().integer(array.data(), index) != 0;
            case F64, F32, F16, BF16 -> number(array.dtype().number(array.data(), index));
            default -> array.dtype().integer(array.data(), index);
        };
    }
}
