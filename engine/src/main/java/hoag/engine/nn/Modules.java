package hoag.engine.nn;

import hoag.engine.Variable;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a model is made of, by name. */
public final class Modules {
    private Modules() {}

    /** Every variable with its key, in checkpoint order. */
    public static Map<String, Variable> variables(Module model) {
        Map<String, Variable> found = new LinkedHashMap<>();
        collect("", model, found);
        return found;
    }

    /** The trainable ones. */
    public static Map<String, Variable> parameters(Module model) {
        Map<String, Variable> found = variables(model);
        found.values().removeIf(variable -> !variable.trainable());
        return found;
    }

    /** Every module with its key, the model itself under the empty key. */
    public static Map<String, Module> modules(Module model) {
        Map<String, Module> found = new LinkedHashMap<>();
        collectModules("", model, found);
        return found;
    }

    private static void collectModules(String prefix, Object part, Map<String, Module> found) {
        if (part instanceof Sequential row) {
            found.put(prefix, row);
            row.parts().forEach((name, each) -> collectModules(join(prefix, name), each, found));
        } else if (part instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                collectModules(join(prefix, Integer.toString(i)), list.get(i), found);
            }
        } else if (part instanceof Record record && part instanceof Module module) {
            found.put(prefix, module);
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                collectModules(join(prefix, key(component)), read(component, record), found);
            }
        }
    }

    private static void collect(String prefix, Object part, Map<String, Variable> found) {
        switch (part) {
            case Variable variable -> found.put(prefix, variable);
            case Sequential row -> row.parts().forEach((name, each) -> collect(join(prefix, name), each, found));
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    collect(join(prefix, Integer.toString(i)), list.get(i), found);
                }
            }
            case Record module
            when module instanceof Module -> {
                for (RecordComponent component : module.getClass().getRecordComponents()) {
                    collect(join(prefix, key(component)), read(component, module), found);
                }
            }
            case null, default -> {} // a setting, or an absent part
        }
    }

    private static String join(String prefix, String name) {
        return prefix.isEmpty() ? name : prefix + "." + name;
    }

    /** The component's name; an underscore at its end, for a name that is taken, is no part of the key. */
    private static String key(RecordComponent component) {
        String name = component.getName();
        return name.endsWith("_") ? name.substring(0, name.length() - 1) : name;
    }

    private static Object read(RecordComponent component, Record module) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(module);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component + "; a module must be a record", e);
        }
    }
}
