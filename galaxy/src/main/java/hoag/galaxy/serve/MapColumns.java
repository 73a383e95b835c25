package hoag.galaxy.serve;

import hoag.galaxy.survey.Survey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Columns to colour a map by: a byte for every row, 0 for nothing known. Of numbers 1..255 go from low to high, of categories 1 is the commonest;
 * what is beyond the 40 commonest is 255.
 */
final class MapColumns {
    static final int CATEGORIES = 40;
    static final int OTHER = 255;

    /** A column of every map of some size. */
    static final String CROWDING = "crowding";

    private static final int GRID = 400;
    private static final int MANY = 1000;
    private static final int BINS = 64;
    private static final int SAMPLE = 2000;
    private static final int KEPT = 12;

    private final Survey survey;
    private final Map<String, IntFunction<String>> texts = new LinkedHashMap<>();
    private final Map<String, Boolean> numeric = new LinkedHashMap<>();
    private final Map<String, Coloured> known = new LinkedHashMap<>(16, 0.75f, true);

    MapColumns(Survey survey, Plane plane) {
        this.survey = survey;
        plane.columns().forEach(column -> texts.put(column.name(), column.text()));
        if (survey.size() >= MANY) {
            texts.putIfAbsent(CROWDING, crowding(plane));
            numeric.put(CROWDING, true);
        }
        for (String name : survey.columnNames()) {
            switch (name) {
                case "ra" -> texts.putIfAbsent(name, row -> number(survey.ra(row)));
                case "dec" -> texts.putIfAbsent(name, row -> number(survey.dec(row)));
                default -> texts.putIfAbsent(name, row -> survey.field(row, name));
            }
        }
        plane.columns().forEach(column -> numeric.put(column.name(), !column.labels()));
        texts.forEach((name, text) -> {
            List<String> some = some(text);
            if (!numeric.containsKey(name) && !some.isEmpty()) {
                boolean numbers = isNumeric(some);
                if (numbers || !isName(some)) {
                    numeric.put(name, numbers);
                }
            }
        });
        texts.keySet().retainAll(numeric.keySet());
    }

    /** How many galaxies are about as far right and up, to 1/400 of the map. */
    private static IntFunction<String> crowding(Plane plane) {
        Plane.Square square = Plane.Square.around(plane.x(), plane.y());
        int[] heaps = new int[GRID * GRID];
        int[] place = new int[plane.x().length];
        for (int row = 0; row < place.length; row++) {
            place[row] = -1;
            if (Plane.isPlace(plane.x()[row], plane.y()[row])) {
                int i = (int) (GRID * (plane.x()[row] - square.left()) / square.side());
                int j = (int) (GRID * (plane.y()[row] - square.bottom()) / square.side());
                place[row] = Math.clamp(i, 0, GRID - 1) + GRID * Math.clamp(j, 0, GRID - 1);
                heaps[place[row]]++;
            }
        }
        return row -> place[row] < 0 ? "" : Integer.toString(heaps[place[row]]);
    }

    private static String number(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "";
    }

    /**
     * A column as colours.
     *
     * @param codes (rows)
     * @param legend what they mean
     */
    record Coloured(byte[] codes, Legend legend) {}

    /** What codes mean. */
    sealed interface Legend {
        /** Rows of which nothing is known. */
        int blank();
    }

    /**
     * Numbers from low to high; what is beyond has the colour of the end.
     *
     * @param log whether codes go by the logarithm
     * @param histogram rows by equal parts of the codes
     */
    record Numbers(double low, double high, boolean log, int[] histogram, int blank) implements Legend {}

    /**
     * Categories.
     *
     * @param names by code, from 1
     * @param counts rows of each
     * @param other rows of other categories
     */
    record Categories(List<String> names, int[] counts, int other, int blank) implements Legend {}

    /** Whether columns are numbers, by name: what the map says first, then the catalogue. */
    Map<String, Boolean> numeric() {
        return numeric;
    }

    /** What is known of a row; blank for nothing. */
    String text(String column, int row) {
        return texts.get(column).apply(row);
    }

    /** @throws Refusal when there is no such column */
    synchronized Coloured coloured(String name) {
        if (!texts.containsKey(name)) {
            throw Refusal.notFound("the map has no column of that name; /map/columns lists them");
        }
        Coloured coloured = known.get(name);
        if (coloured == null) {
            coloured = numeric.get(name) ? numbers(texts.get(name)) : categories(texts.get(name));
            known.put(name, coloured);
            if (known.size() > KEPT) {
                known.remove(known.keySet().iterator().next());
            }
        }
        return coloured;
    }

    /** The same; who asks for one that is not known yet waits for a turn. */
    Coloured coloured(String name, Turns turns) {
        Coloured kept = kept(name);
        return kept == null ? turns.take(() -> coloured(name)) : kept;
    }

    private synchronized Coloured kept(String name) {
        return known.get(name);
    }

    private List<String> some(IntFunction<String> text) {
        int step = Math.max(1, survey.size() / SAMPLE);
        return IntStream.range(0, survey.size() / step)
                .mapToObj(i -> text.apply(i * step))
                .filter(value -> !value.isBlank())
                .toList();
    }

    /** Few whole numbers are categories, and so is what is seldom a number. */
    private static boolean isNumeric(List<String> some) {
        List<Double> numbers =
                some.stream().map(MapColumns::parse).filter(Double::isFinite).toList();
        boolean few = numbers.stream().distinct().count() <= 12
                && numbers.size() > 12
                && numbers.stream().allMatch(each -> each == Math.rint(each));
        return !few && numbers.size() >= 0.9 * some.size();
    }

    /** Files and fingerprints differ from galaxy to galaxy: colours would say nothing. */
    private static boolean isName(List<String> some) {
        return some.size() > 20 && some.stream().distinct().count() > 0.8 * some.size();
    }

    private static double parse(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private Coloured numbers(IntFunction<String> text) {
        double[] values = IntStream.range(0, survey.size())
                .mapToDouble(row -> parse(text.apply(row)))
                .toArray();
        double[] sorted =
                Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
        double low = sorted.length == 0 ? 0 : sorted[(int) (0.01 * (sorted.length - 1))];
        double high = sorted.length == 0 ? 1 : sorted[(int) Math.ceil(0.99 * (sorted.length - 1))];
        if (high <= low) {
            low = sorted.length == 0 ? 0 : sorted[0];
            high = sorted.length == 0 ? 1 : Math.max(sorted[sorted.length - 1], Math.nextUp(low));
        }
        double middle = sorted.length == 0 ? 0 : sorted[sorted.length / 2];
        boolean log = low > 0 && high / low > 100 && middle < low + 0.1 * (high - low);
        byte[] codes = new byte[values.length];
        int[] histogram = new int[BINS];
        double from = log ? Math.log(low) : low;
        double to = log ? Math.log(high) : high;
        for (int row = 0; row < values.length; row++) {
            if (Double.isFinite(values[row])) {
                double value = log ? Math.log(Math.max(values[row], low)) : values[row];
                int code = 1 + (int) Math.clamp(Math.round(254 * (value - from) / (to - from)), 0L, 254L);
                codes[row] = (byte) code;
                histogram[(code - 1) * BINS / 255]++;
            }
        }
        return new Coloured(codes, new Numbers(low, high, log, histogram, values.length - sorted.length));
    }

    private Coloured categories(IntFunction<String> text) {
        Map<String, Integer> counts = new HashMap<>();
        int[] place = new int[survey.size()];
        List<String> names = new ArrayList<>();
        Map<String, Integer> numbers = new HashMap<>();
        for (int row = 0; row < place.length; row++) {
            String value = text.apply(row).strip();
            place[row] = numbers.computeIfAbsent(value, key -> {
                names.add(key);
                return names.size() - 1;
            });
            counts.merge(value, 1, Integer::sum);
        }
        List<String> ranked = names.stream()
                .filter(name -> !name.isEmpty())
                .sorted(Comparator.comparing((String name) -> -counts.get(name))
                        .thenComparing(name -> String.format(Locale.ROOT, "%20s", name)))
                .limit(CATEGORIES)
                .toList();
        byte[] code = new byte[names.size()];
        for (int i = 0; i < code.length; i++) {
            int rank = ranked.indexOf(names.get(i));
            code[i] = (byte) (names.get(i).isEmpty() ? 0 : rank < 0 ? OTHER : rank + 1);
        }
        byte[] codes = new byte[place.length];
        for (int row = 0; row < codes.length; row++) {
            codes[row] = code[place[row]];
        }
        int[] shown = ranked.stream().mapToInt(counts::get).toArray();
        int blank = counts.getOrDefault("", 0);
        return new Coloured(
                codes,
                new Categories(
                        ranked,
                        shown,
                        place.length - blank - IntStream.of(shown).sum(),
                        blank));
    }
}
