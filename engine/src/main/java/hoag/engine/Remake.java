package hoag.engine;

import hoag.kernels.Kernel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The pass of {@link Recompute}: looks where most is alive, takes the largest value there that is not read for a while and that one cheap step gives
 * again from operands that live on, and puts a second such step before its next reader. Then looks again. The order of all other steps stays.
 */
final class Remake {
    /** An operand may be kept longer for it if it is so much smaller than what it makes. */
    private static final int SMALL = 8;

    private final Map<String, Value> outputs;
    private List<Step> steps;

    /** What is alive between two steps, by the steps as they are now. */
    private record Lives(Map<Value, Integer> first, Map<Value, Integer> last, int peak, long most) {}

    /**
     * A value that is not read for a while.
     *
     * @param maker index of its step
     * @param family itself and the views of it
     * @param next index of the first step after the while that reads one of them
     */
    private record Idle(Value value, int maker, Set<Value> family, int next) {}

    Remake(Plan plan) {
        steps = plan.steps();
        outputs = plan.outputs();
    }

    /** @param floats the most that should be alive at once */
    Plan below(long floats) {
        for (Lives lives = lives(); lives.most > floats; lives = lives()) {
            Idle idle = largest(lives);
            if (idle == null) {
                break;
            }
            again(idle);
        }
        return new Plan(steps, outputs);
    }

    private Lives lives() {
        Map<Value, Integer> first = new LinkedHashMap<>();
        Map<Value, Integer> last = new HashMap<>();
        Map<Value, Value> seen = new HashMap<>(); // a view to what it looks at
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            for (Value in : step.in()) {
                boolean fed = in.source instanceof Value.Fed;
                if (fed) {
                    first.put(in, 0); // and stays for the next run
                }
                last.put(seen.getOrDefault(in, in), fed ? steps.size() - 1 : i);
            }
            for (Value out : step.out()) {
                if (step.isView()) {
                    seen.put(
                            out,
                            seen.getOrDefault(step.in().getFirst(), step.in().getFirst()));
                } else if (out.isMade()) {
                    first.put(out, i);
                }
            }
        }
        outputs.values().forEach(value -> last.put(seen.getOrDefault(value, value), steps.size() - 1));
        return peak(first, last);
    }

    private Lives peak(Map<Value, Integer> first, Map<Value, Integer> last) {
        long[] change = new long[steps.size() + 1];
        first.forEach((value, from) -> {
            change[from] += value.floats();
            change[last.getOrDefault(value, from) + 1] -= value.floats();
        });
        long alive = 0;
        long most = -1;
        int peak = 0;
        for (int i = 0; i < steps.size(); i++) {
            alive += change[i];
            if (alive > most) {
                most = alive;
                peak = i;
            }
        }
        return new Lives(first, last, peak, most);
    }

    /** The largest value that lies idle where most is alive and can be made again; null if there is none. */
    private Idle largest(Lives lives) {
        return lives.first.keySet().stream()
                .filter(value -> value.isMade()
                        && lives.first.get(value) < lives.peak
                        && lives.last.getOrDefault(value, -1) > lives.peak
                        && cheap(steps.get(lives.first.get(value)))
                        && !outputs.containsValue(value))
                .sorted(Comparator.comparingLong(value -> -value.floats()))
                .map(value -> idle(value, lives))
                .filter(idle -> idle != null && lasting(idle, lives))
                .findFirst()
                .orElse(null);
    }

    /** True for what goes through memory once: its time is small beside that of convolutions and products. */
    private static boolean cheap(Step step) {
        return (step.kernel() instanceof Kernel.Pointwise || step.kernel() instanceof Kernel.LayerNorm)
                && step.out().size() == 1
                && !step.isUpdate();
    }

    /** Null if it is read where most is alive, or next by an update: updates come last and change what others read. */
    private Idle idle(Value value, Lives lives) {
        Set<Value> family = new LinkedHashSet<>(Set.of(value));
        int next = -1;
        for (int i = lives.first.get(value) + 1; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (step.in().stream().noneMatch(family::contains)) {
                continue;
            }
            if (step.isView()) {
                family.addAll(step.out());
                if (outputs.containsValue(step.out().getFirst())) {
                    return null;
                }
            } else if (i == lives.peak) {
                return null;
            } else if (i > lives.peak && next < 0) {
                next = i;
            }
        }
        return next < 0 || steps.get(next).isUpdate() ? null : new Idle(value, lives.first.get(value), family, next);
    }

    /** True if all that it is made of is there when it is made again, or is small. */
    private boolean lasting(Idle idle, Lives lives) {
        return steps.get(idle.maker).in().stream()
                .allMatch(in -> !in.isMade()
                        || lives.last.getOrDefault(in, -1) >= idle.next
                        || in.floats() * SMALL <= idle.value.floats());
    }

    private void again(Idle idle) {
        Map<Value, Value> second = new LinkedHashMap<>();
        idle.family.forEach(value -> second.put(value, Value.made(value.shape, value.layout)));
        List<Step> changed = new ArrayList<>(steps.subList(0, idle.next));
        Step maker = steps.get(idle.maker);
        changed.add(new Step(maker.kernel(), maker.in(), List.of(second.get(idle.value))));
        for (Step step : steps.subList(0, idle.next)) {
            if (step.isView() && idle.family.contains(step.out().getFirst())) {
                changed.add(with(step, second));
            }
        }
        steps.subList(idle.next, steps.size()).forEach(step -> changed.add(with(step, second)));
        steps = new Plan(changed, outputs).live().steps();
    }

    private static Step with(Step step, Map<Value, Value> second) {
        return new Step(
                step.kernel(),
                step.in().stream().map(in -> second.getOrDefault(in, in)).toList(),
                step.isView()
                        ? step.out().stream()
                                .map(out -> second.getOrDefault(out, out))
                                .toList()
                        : step.out(),
                step.offset());
    }
}
