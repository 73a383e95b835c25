package hoag.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A plan as those see it who look for several steps that may become one: who makes a value, who reads it, what it is seen as, and the plan again with the
 * found steps replaced.
 */
record Wiring(Plan plan, Map<Value, Step> writers, Map<Value, List<Step>> readers) {
    static Wiring of(Plan plan) {
        return new Wiring(plan, plan.writers(), plan.readers());
    }

    /** The step that makes a value; null for what is fed or held. */
    Step writer(Value value) {
        return writers.get(value);
    }

    /** The steps that read a value, in order. */
    List<Step> readers(Value value) {
        return readers.getOrDefault(value, List.of());
    }

    /** Whether who runs the plan asks for the value, so that it must be made. */
    boolean isOutput(Value value) {
        return plan.isOutput(value);
    }

    /** Whether so many steps read a value, and nobody asks for it. */
    boolean isFor(int steps, Value value) {
        return readers(value).size() == steps && !isOutput(value);
    }

    /** The value itself or, if a reshape or a part is all that reads it, what that makes of it, and so on; null if it is asked for on the way. */
    Value seen(Value value) {
        if (isOutput(value)) {
            return null;
        }
        List<Step> all = readers(value);
        return all.size() == 1 && all.getFirst().isView()
                ? seen(all.getFirst().out().getFirst())
                : value;
    }

    /** The steps that read a value or a view of it, views not among them, in order; empty if it or such a view is asked for. */
    List<Step> uses(Value value) {
        List<Step> uses = new ArrayList<>();
        return uses(value, uses) ? uses : List.of();
    }

    private boolean uses(Value value, List<Step> into) {
        for (Step reader : readers(value)) {
            if (!reader.isView()) {
                into.add(reader);
            } else if (!uses(reader.out().getFirst(), into)) {
                return false;
            }
        }
        return !isOutput(value);
    }

    /**
     * The plan without what is gone and what only that read.
     *
     * @param instead what stands in the place of a step
     */
    Plan with(Map<Step, List<Step>> instead, Set<Step> gone) {
        if (instead.isEmpty()) {
            return plan;
        }
        List<Step> steps = new ArrayList<>();
        for (Step step : plan.steps()) {
            steps.addAll(instead.getOrDefault(step, gone.contains(step) ? List.of() : List.of(step)));
        }
        return new Plan(steps, plan.outputs()).live();
    }
}
