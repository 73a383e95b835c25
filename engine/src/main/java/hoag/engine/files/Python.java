package hoag.engine.files;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values of Python that Java has not. The others stand as they are: dict as {@code LinkedHashMap}, list and set as {@code ArrayList}, bytes as
 * {@code byte[]}, str as {@code String}, int as {@code Long} or {@code BigInteger}, float as {@code Double}, None as null. Nothing here compares by
 * contents, so a key costs nothing whatever it holds.
 */
final class Python {
    private Python() {}

    /** A class, function or constant that a pickle names. It is never looked up. */
    record Name(String module, String name) {
        @Override
        public String toString() {
            return module + "." + name;
        }
    }

    /** A tuple. */
    static final class Tuple {
        static final Tuple EMPTY = new Tuple(List.of());
        final List<Object> items;

        Tuple(List<Object> items) {
            this.items = items;
        }

        int size() {
            return items.size();
        }

        /** An item, or null where the tuple is shorter. */
        Object at(int index) {
            return index < items.size() ? items.get(index) : null;
        }
    }

    /** What would be an object of a class: the name of the class and the data that its constructor and {@code __setstate__} would get. */
    static final class Instance {
        final Name type;
        final Tuple arguments;
        final Map<Object, Object> entries = new LinkedHashMap<>(0);
        final List<Object> items = new ArrayList<>(0);
        Object state;

        Instance(Name type, Tuple arguments) {
            this.type = type;
            this.arguments = arguments;
        }

        /** What the object's {@code __dict__} would hold, or an empty map. */
        Map<?, ?> attributes() {
            return state instanceof Map<?, ?> map ? map : Map.of();
        }

        /** True for a {@code torch.nn.Module}, saved whole. */
        boolean isModule() {
            return attributes().get("_modules") instanceof Map && attributes().get("_parameters") instanceof Map;
        }
    }
}
