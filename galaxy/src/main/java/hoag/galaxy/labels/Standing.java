package hoag.galaxy.labels;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What holds after all changes: of each person, galaxy and question the last that was not taken back. Guarded by its store. */
final class Standing {
    private record Slot(String who, String tree, String question) {}

    private final List<Change> changes = new ArrayList<>();
    private final Map<String, Change> keys = new HashMap<>();
    private final Set<Long> undone = new HashSet<>();
    private final Map<String, Deque<Change>> mine = new HashMap<>();
    private final Map<String, Map<Slot, Deque<Change>>> live = new LinkedHashMap<>();

    void apply(Change change) {
        changes.add(change);
        keys.put(change.key(), change);
        if (change.undoes() == 0) {
            mine.computeIfAbsent(change.who(), who -> new ArrayDeque<>()).push(change);
            live.computeIfAbsent(change.galaxy(), id -> new LinkedHashMap<>())
                    .computeIfAbsent(slot(change), slot -> new ArrayDeque<>())
                    .push(change);
        } else {
            Change taken = numbered(change.undoes());
            undone.add(taken.number());
            mine.get(taken.who()).remove(taken);
            live.get(taken.galaxy()).get(slot(taken)).remove(taken);
        }
    }

    private static Slot slot(Change change) {
        return new Slot(change.who(), change.label().tree(), change.label().question());
    }

    /** The change of that number, null when there is none. */
    Change numbered(long number) {
        return number < 1 || number > changes.size() ? null : changes.get((int) number - 1);
    }

    Change keyed(String key) {
        return keys.get(key);
    }

    boolean isUndone(long number) {
        return undone.contains(number);
    }

    /** The last thing that somebody did and has not taken back, null for none. */
    Change last(String who) {
        return mine.getOrDefault(who, new ArrayDeque<>()).peek();
    }

    long version() {
        return changes.isEmpty() ? 0 : changes.getLast().number();
    }

    /** Changes with a larger number, oldest first. */
    List<Change> after(long number) {
        return List.copyOf(changes.subList(Math.clamp(number, 0, changes.size()), changes.size()));
    }

    /** What holds, by galaxy. */
    Map<String, List<Change>> current() {
        Map<String, List<Change>> current = new TreeMap<>();
        live.forEach((galaxy, slots) -> {
            List<Change> now = of(slots);
            if (!now.isEmpty()) {
                current.put(galaxy, now);
            }
        });
        return current;
    }

    /** What holds of one galaxy. */
    List<Change> current(String galaxy) {
        return of(live.getOrDefault(galaxy, Map.of()));
    }

    private static List<Change> of(Map<Slot, Deque<Change>> slots) {
        return slots.values().stream()
                .filter(said -> !said.isEmpty())
                .map(Deque::peek)
                .toList();
    }
}
