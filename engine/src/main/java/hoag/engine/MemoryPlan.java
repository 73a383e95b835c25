package hoag.engine;

import hoag.kernels.DeviceException;
import hoag.kernels.Kernel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Places values in few long stretches of memory by their lifetimes: largest first, each at the lowest place free while it lives (the
 * "greedy by size" rule of Pisarchyk and Lee 2020). Views live in what they look at; a pointwise result takes the place of an operand that
 * dies with it.
 */
final class MemoryPlan {
    /** Elements in one stretch: a Java array holds 2^31 - 1. */
    private static final long STRETCH = 1L << 30;

    /** Where a value lies: which stretch, from which element. */
    record Place(int stretch, long offset) {}

    private static final class Block {
        final List<Value> values = new ArrayList<>();
        long floats;
        boolean viewed;
        int from = Integer.MAX_VALUE;
        int to = -1;
        Place place;

        boolean meets(Block other) {
            return from <= other.to && other.from <= to;
        }
    }

    private final Map<Value, Place> places = new LinkedHashMap<>();
    private final List<Long> stretches = new ArrayList<>();
    private final List<MemoryMap.Row> rows = new ArrayList<>();

    /** @param outputs values that live to the end; what no step here makes, and nobody feeds, has its place elsewhere */
    static MemoryPlan of(List<Step> steps, java.util.Collection<Value> outputs) {
        MemoryPlan plan = new MemoryPlan();
        List<Block> blocks = blocks(steps, outputs);
        blocks.sort(Comparator.comparingLong((Block block) -> -block.floats).thenComparingInt(block -> block.from));
        List<Block> placed = new ArrayList<>();
        for (Block block : blocks) {
            plan.place(block, placed);
            placed.add(block);
        }
        return plan;
    }

    private static List<Block> blocks(List<Step> steps, java.util.Collection<Value> outputs) {
        Map<Value, Integer> last = new HashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            int at = i;
            steps.get(i).in().forEach(value -> last.put(value, at));
        }
        outputs.forEach(value -> last.put(value, steps.size()));
        last.replaceAll(
                (value, at) -> value.source instanceof Value.Fed ? steps.size() : at); // one feed serves many runs
        Map<Value, Block> blockOf = new LinkedHashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            for (Value fed : step.in()) {
                if (fed.source instanceof Value.Fed && !blockOf.containsKey(fed)) {
                    add(blockOf, fed, new Block(), -1, steps.size()); // what was fed stays for the next run
                }
            }
            for (Value out : step.out()) {
                if (out.isMade()) {
                    make(blockOf, step, out, i, last);
                }
            }
        }
        return new ArrayList<>(new java.util.LinkedHashSet<>(blockOf.values()));
    }

    private static void make(Map<Value, Block> blockOf, Step step, Value out, int at, Map<Value, Integer> last) {
        Block shared = step.isView() ? blockOf.get(step.in().getFirst()) : dying(step, out, at, last, blockOf);
        if (step.isView() && shared == null) {
            return; // a view of what lies elsewhere
        }
        Block block = shared == null ? new Block() : shared;
        block.viewed |= step.isView();
        add(blockOf, out, block, at, Math.max(at, last.getOrDefault(out, at)));
    }

    private static void add(Map<Value, Block> blockOf, Value value, Block block, int from, int to) {
        block.values.add(value);
        block.floats = Math.max(block.floats, value.floats());
        block.from = Math.min(block.from, from);
        block.to = Math.max(block.to, to);
        blockOf.put(value, block);
    }

    /** The block of an operand whose last reader is this step and that this pointwise result may overwrite element by element. */
    private static Block dying(Step step, Value out, int at, Map<Value, Integer> last, Map<Value, Block> blockOf) {
        if (!(step.kernel() instanceof Kernel.Pointwise) || step.out().size() != 1) {
            return null;
        }
        for (Value in : step.in()) {
            Block block = blockOf.get(in);
            if (block != null
                    && !block.viewed
                    && block.to == at
                    && in.shape.equals(out.shape)
                    && in.layout.equals(out.layout)
                    && block.floats == out.floats()
                    && last.get(in) == at
                    && !(block.values.getFirst().source instanceof Value.Fed)) {
                return block;
            }
        }
        return null;
    }

    private void place(Block block, List<Block> placed) {
        for (int stretch = 0; ; stretch++) {
            long offset = lowest(block, placed, stretch);
            if (offset + block.floats <= STRETCH || offset == 0) {
                settle(block, new Place(stretch, offset));
                return;
            }
        }
    }

    private static long lowest(Block block, List<Block> placed, int stretch) {
        List<Block> inTheWay = placed.stream()
                .filter(other -> other.place.stretch() == stretch && other.meets(block))
                .sorted(Comparator.comparingLong(other -> other.place.offset()))
                .toList();
        long offset = 0;
        for (Block other : inTheWay) {
            if (other.place.offset() >= offset + block.floats) {
                break;
            }
            offset = Math.max(offset, other.place.offset() + other.floats);
        }
        return offset;
    }

    private void settle(Block block, Place place) {
        if (block.floats > Integer.MAX_VALUE - 64) {
            throw new DeviceException("one tensor of " + block.floats / (1 << 18)
                    + " MiB is above the limit of 8191 MiB; use a smaller batch");
        }
        block.place = place;
        while (stretches.size() <= place.stretch()) {
            stretches.add(0L);
        }
        stretches.set(place.stretch(), Math.max(stretches.get(place.stretch()), place.offset() + block.floats));
        block.values.forEach(value -> places.put(value, place));
        rows.add(new MemoryMap.Row(
                block.values.getFirst().toString(),
                block.from,
                block.to,
                place.stretch(),
                4 * place.offset(),
                4 * block.floats));
    }

    /** The plan to look at. */
    MemoryMap map(int steps) {
        return new MemoryMap(
                rows.stream()
                        .sorted(Comparator.comparingInt(MemoryMap.Row::from))
                        .toList(),
                steps,
                4 * floats());
    }

    Map<Value, Place> places() {
        return places;
    }

    /** Elements of each stretch. */
    List<Long> stretches() {
        return stretches;
    }

    long floats() {
        return stretches.stream().mapToLong(Long::longValue).sum();
    }
}
