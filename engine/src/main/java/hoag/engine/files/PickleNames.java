package hoag.engine.files;

import hoag.engine.files.Python.Instance;
import hoag.engine.files.Python.Tuple;
import hoag.kernels.FormatException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the tensors in the values of a pickle and gives each its place as its name: keys, positions and attributes, joined by dots. The tensors of
 * a module that was saved whole are named as its {@code state_dict} would name them.
 */
final class PickleNames {
    private static final int DEEPEST = 500;
    private static final List<String> MODULE_PARTS = List.of("_parameters", "_buffers", "_modules");

    private final String source;
    private final TorchData data;
    private final Set<Object> onPath = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<String, TensorData> tensors = new LinkedHashMap<>();
    private long budget;

    /** Where a value stands. */
    private record Place(Place above, Object key, int depth) {
        Place in(Object inner) {
            return new Place(this, inner, depth + 1);
        }

        String name() {
            if (above == null) return "";
            return above.above == null ? key.toString() : above.name() + "." + key;
        }

        int length() {
            int length = 0;
            for (Place at = this; at.above != null; at = at.above)
                length += 1 + at.key.toString().length();
            return length;
        }
    }

    /** @param pickled length of the pickle; values are visited in proportion to it */
    PickleNames(String source, TorchData data, long pickled) {
        this.source = source;
        this.data = data;
        budget = (1 << 12) + 16 * pickled;
    }

    Map<String, TensorData> find(Object root) {
        visit(root, new Place(null, null, 0));
        return Collections.unmodifiableMap(tensors);
    }

    private void visit(Object value, Place place) {
        charge(1);
        if (place.depth > DEEPEST)
            throw new FormatException("%s: values nested more than %d levels".formatted(source, DEEPEST));
        switch (value) {
            case TorchView view -> add(place, data.tensor(view));
            case Instance object -> object(object, place);
            case Map<?, ?> _ -> guarded(value, place);
            case List<?> _ -> guarded(value, place);
            case Tuple _ -> guarded(value, place);
            case null, default -> {}
        }
    }

    private void charge(long cost) {
        budget -= cost;
        if (budget < 0) throw new FormatException("%s: the same values stand at too many places".formatted(source));
    }

    private void add(Place place, TensorData tensor) {
        charge(place.length() / 8);
        String name = place.name();
        if (tensors.putIfAbsent(name, tensor.named(name)) != null)
            throw new FormatException("%s: two tensors are called '%s'".formatted(source, JsonPrinter.plain(name)));
    }

    /** Contents of a container, unless it stands within itself. */
    private void guarded(Object value, Place place) {
        if (!onPath.add(value)) return;
        switch (value) {
            case Map<?, ?> map -> map.forEach((key, item) -> visit(item, place.in(label(key))));
            case List<?> list -> items(list, place);
            case Tuple tuple -> items(tuple.items, place);
            case Instance module -> module(module.attributes(), place);
            default -> throw new IllegalStateException(value.getClass().getName());
        }
        onPath.remove(value);
    }

    private void items(List<?> items, Place place) {
        for (int i = 0; i < items.size(); i++) visit(items.get(i), place.in(i));
    }

    /** What stands for a key in a name. */
    static String label(Object key) {
        return switch (key) {
            case null -> "None";
            case String text -> text;
            case Long number -> number.toString();
            case Double number -> number.toString();
            case Boolean truth -> truth ? "True" : "False";
            case Python.Name name -> name.toString();
            default -> key.getClass().getSimpleName();
        };
    }

    private void object(Instance object, Place place) {
        if (object.isModule()) {
            guarded(object, place);
            return;
        }
        if (!seen.add(object)) return;
        var array = NumpyPickle.read(source, object);
        if (array.isPresent()) {
            add(place, array.get());
            return;
        }
        visit(object.arguments, place);
        visit(object.entries, place);
        visit(object.items, place);
        visit(object.state, place);
    }

    private void module(Map<?, ?> attributes, Place place) {
        for (String part : MODULE_PARTS)
            if (attributes.get(part) instanceof Map<?, ?> members)
                members.forEach((key, member) -> visit(member, place.in(label(key))));
    }
}
