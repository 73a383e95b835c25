package hoag.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A program between tracing and running: steps in the order they run, and the values that are asked for by name. Each pass is a function
 * from plan to plan; {@link #toString} prints one line a step.
 */
record Plan(List<Step> steps, Map<String, Value> outputs) {
    Plan {
        steps = List.copyOf(steps);
    }

    /** For each value the steps that read it, in order; a step that reads it twice appears once. */
    Map<Value, List<Step>> readers() {
        Map<Value, List<Step>> readers = new HashMap<>();
        for (Step step : steps) {
            for (Value value : new java.util.LinkedHashSet<>(step.in())) {
                readers.computeIfAbsent(value, ignored -> new ArrayList<>()).add(step);
            }
        }
        return readers;
    }

    Map<Value, Step> writers() {
        Map<Value, Step> writers = new HashMap<>();
        for (Step step : steps) {
            step.out().forEach(value -> writers.put(value, step));
        }
        return writers;
    }

    boolean isOutput(Value value) {
        return outputs.containsValue(value);
    }

    /** Every value that steps read or write, and the outputs. */
    java.util.Set<Value> values() {
        var values = new java.util.LinkedHashSet<Value>();
        for (Step step : steps) {
            values.addAll(step.in());
            values.addAll(step.out());
        }
        values.addAll(outputs.values());
        return values;
    }

    /** Without the steps whose results nobody reads. */
    Plan live() {
        var wanted = new java.util.HashSet<>(outputs.values());
        List<Step> kept = new ArrayList<>();
        for (Step step : steps.reversed()) {
            if (step.isUpdate() || step.out().stream().anyMatch(wanted::contains)) {
                wanted.addAll(step.in());
                kept.add(step);
            }
        }
        return new Plan(kept.reversed(), outputs);
    }

    @Override
    public String toString() {
        Map<Value, Integer> numbers = new LinkedHashMap<>();
        return steps.stream()
                .map(step -> names(step.out(), numbers) + " = " + step + "    with " + names(step.in(), numbers))
                .collect(Collectors.joining("\n"));
    }

    private static String names(List<Value> values, Map<Value, Integer> numbers) {
        return values.stream()
                .map(v -> "%" + numbers.computeIfAbsent(v, ignored -> numbers.size()) + v)
                .collect(Collectors.joining(", "));
    }
}
