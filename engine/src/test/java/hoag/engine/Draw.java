package hoag.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * What a random example is made of: whole numbers below bounds, drawn one after the other, 0 the simplest. A failing example is its list of
 * numbers; shorter lists of smaller numbers are simpler examples, so shrinking needs to know nothing of what is made of them (the idea of
 * Hypothesis, MacIver and Donaldson 2020).
 */
final class Draw {
    private final SplittableRandom random;
    private final List<Integer> given;
    private final List<Integer> taken = new ArrayList<>();

    private Draw(SplittableRandom random, List<Integer> given) {
        this.random = random;
        this.given = given;
    }

    /** A number in 0..bound-1; 0 when a given list has come to its end. */
    int below(int bound) {
        int at = taken.size();
        int next = random != null ? random.nextInt(bound) : at < given.size() ? Math.min(given.get(at), bound - 1) : 0;
        taken.add(next);
        return next;
    }

    int between(int least, int most) {
        return least + below(most - least + 1);
    }

    boolean flip() {
        return below(2) == 1;
    }

    <T> T of(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    /** Tries so many examples; the first that fails is shrunk and reported with its numbers. */
    static void examples(long seed, int count, Consumer<Draw> property) {
        for (int i = 0; i < count; i++) {
            Draw draw = new Draw(new SplittableRandom(seed * 1_000_003 + i), null);
            Throwable failure = failure(property, draw);
            if (failure != null) {
                List<Integer> smallest = smallest(draw.taken, property);
                Throwable simplest = failure(property, new Draw(null, smallest));
                throw new AssertionError(
                        "example " + i + " of seed " + seed + ", shrunk to " + smallest + ": " + simplest.getMessage(),
                        simplest);
            }
        }
    }

    private static Throwable failure(Consumer<Draw> property, Draw draw) {
        try {
            property.accept(draw);
            return null;
        } catch (AssertionError | RuntimeException e) {
            return e;
        }
    }

    /** Drops stretches of numbers, then makes single ones smaller, as long as it still fails. */
    static List<Integer> smallest(List<Integer> failing, Consumer<Draw> property) {
        List<Integer> best = List.copyOf(failing);
        for (boolean better = true; better; ) {
            better = false;
            for (List<Integer> simpler : simpler(best)) {
                Draw draw = new Draw(null, simpler);
                if (failure(property, draw) != null && less(draw.taken, best)) {
                    best = List.copyOf(draw.taken);
                    better = true;
                    break;
                }
            }
        }
        return best;
    }

    private static boolean less(List<Integer> a, List<Integer> b) {
        int sumA = a.stream().mapToInt(Integer::intValue).sum();
        int sumB = b.stream().mapToInt(Integer::intValue).sum();
        return a.size() < b.size() || a.size() == b.size() && sumA < sumB;
    }

    private static List<List<Integer>> simpler(List<Integer> numbers) {
        List<List<Integer>> all = new ArrayList<>();
        for (int length = numbers.size() / 2; length > 0; length /= 2) {
            for (int from = 0; from + length <= numbers.size(); from += length) {
                List<Integer> without = new ArrayList<>(numbers);
                without.subList(from, from + length).clear();
                all.add(without);
            }
        }
        for (int i = 0; i < numbers.size(); i++) {
            for (int smaller : new int[] {0, numbers.get(i) / 2, numbers.get(i) - 1}) {
                if (smaller >= 0 && smaller < numbers.get(i)) {
                    List<Integer> with = new ArrayList<>(numbers);
                    with.set(i, smaller);
                    all.add(with);
                }
            }
        }
        return all;
    }
}
