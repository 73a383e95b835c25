package hoag.galaxy.data;

import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How galaxies are divided into train, valid and test. Where nothing is asked for, the column {@code split} says it, else the id does
 * ({@link Split#of(String)}). With a seed, shares or a column to stratify by they are divided anew: units (galaxies, or groups of them) are put in an
 * order that follows from seed and name alone, class by class, and cut where the shares say, so that every part has its share of every class, to
 * half a unit, and a class of one galaxy is in train.
 *
 * @param splitSeed another seed, another division; null for the column or the id, or 42 where shares or classes are asked for
 * @param splitShares of train, valid and test; they sum to 1
 * @param stratify column of classes of which every part gets its share; null for none. Numbers of more than 20 values count as ten classes of
 *     as many galaxies
 * @param group column of what must not be divided, an object with several images for instance; null for none
 */
public record Division(Long splitSeed, List<Double> splitShares, String stratify, String group) {
    private static final List<Double> SHARES = List.of(0.7, 0.1, 0.2);
    private static final long SEED = 42;
    private static final int MOST_CLASSES = 20;
    private static final int BINS = 10;

    /** By the column {@code split}, else by the id. */
    public static final Division GIVEN = new Division(null, SHARES, null, null);

    /** @throws ConfigException unless there are three shares, none negative, the first above 0, which sum to 1 */
    public Division {
        splitShares = List.copyOf(splitShares);
        double sum = splitShares.stream().mapToDouble(share -> share).sum();
        boolean negative = splitShares.stream().anyMatch(share -> !(share >= 0));
        if (splitShares.size() != 3 || negative || !(splitShares.getFirst() > 0) || Math.abs(sum - 1) > 1e-6)
            throw new ConfigException(
                    "split-shares %s; want the shares of train, valid and test, which sum to 1, for instance 0.7,0.1,0.2"
                            .formatted(splitShares));
    }

    /** Divided anew, by this seed. */
    public static Division seed(long seed) {
        return new Division(seed, SHARES, null, null);
    }

    /** The same with other shares of train, valid and test. */
    public Division shares(double train, double valid, double test) {
        return new Division(splitSeed, List.of(train, valid, test), stratify, group);
    }

    /** The same with a share of every class of this column in every part. */
    public Division stratify(String column) {
        return new Division(splitSeed, splitShares, column, group);
    }

    /** The same with what this column names undivided. */
    public Division group(String column) {
        return new Division(splitSeed, splitShares, stratify, column);
    }

    /** Whether the column {@code split} and the id say nothing. */
    public boolean isAnew() {
        return splitSeed != null || stratify != null || !splitShares.equals(SHARES);
    }

    /** For the model file. */
    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        if (isAnew()) map.put("seed", seed());
        if (isAnew()) map.put("shares", splitShares);
        if (stratify != null) map.put("stratify", stratify);
        if (group != null) map.put("group", group);
        return map;
    }

    /** Reads what {@link #toMap} wrote; {@link #GIVEN} for anything else. */
    public static Division fromMap(Object value) {
        if (!(value instanceof Map<?, ?> map)) return GIVEN;
        var shares = map.get("shares") instanceof List<?> list
                ? list.stream().map(share -> ((Number) share).doubleValue()).toList()
                : SHARES;
        return new Division(
                map.get("seed") instanceof Number seed ? seed.longValue() : null,
                shares,
                (String) map.get("stratify"),
                (String) map.get("group"));
    }

    private long seed() {
        return splitSeed == null ? SEED : splitSeed;
    }

    /**
     * The part of every galaxy, by its id.
     *
     * @throws DataException for a missing column, a blank in it, or a group that the column {@code split} divides
     */
    Map<String, Split> of(Catalogue table) {
        if (isAnew()) return anew(table);
        var parts = new HashMap<String, Split>();
        for (var row : table.rows()) parts.put(row.id(), table.given(row, group));
        undivided(table, parts);
        return parts;
    }

    /** @throws DataException for a group of which these parts have galaxies on both sides */
    void undivided(Catalogue table, Map<String, Split> parts) {
        if (group == null) return;
        var first = new HashMap<String, Row>();
        for (var row : table.rows()) {
            var before = first.putIfAbsent(row.label(group), row);
            if (before != null && parts.get(before.id()) != parts.get(row.id()))
                throw new DataException(
                        "%s: %s \"%s\" is in %s by its split, but in %s on %s; one object must not be on both sides"
                                .formatted(
                                        row.where(),
                                        group,
                                        row.label(group),
                                        text(parts.get(row.id())),
                                        text(parts.get(before.id())),
                                        before.where()));
        }
    }

    private static String text(Split part) {
        return part.name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Galaxies that stay together. */
    private record Unit(String name, long order, List<Row> rows) {}

    private Map<String, Split> anew(Catalogue table) {
        var groups = new LinkedHashMap<String, List<Row>>();
        for (var row : table.rows())
            groups.computeIfAbsent(group == null ? row.id() : row.label(group), _ -> new ArrayList<>())
                    .add(row);
        var classes = stratify == null ? null : classes(table);
        var strata = new TreeMap<String, List<Unit>>();
        groups.forEach((name, rows) -> strata.computeIfAbsent(
                        classes == null ? "" : most(rows, classes), _ -> new ArrayList<>())
                .add(new Unit(name, order(name), rows)));
        var parts = new HashMap<String, Split>();
        strata.values().forEach(units -> cut(units, parts));
        return parts;
    }

    private long order(String name) {
        var digest = Sha256.of(("split:" + seed() + ":" + name).getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.wrap(digest).getLong();
    }

    /** A unit goes where its middle lies. */
    private void cut(List<Unit> units, Map<String, Split> parts) {
        units.sort(Comparator.comparingLong(Unit::order).thenComparing(Unit::name));
        double all = units.stream().mapToInt(unit -> unit.rows.size()).sum(), before = 0;
        for (var unit : units) {
            double middle = (before + unit.rows.size() / 2.0) / all;
            var part = middle <= splitShares.get(0)
                    ? Split.TRAIN
                    : middle <= splitShares.get(0) + splitShares.get(1) ? Split.VALID : Split.TEST;
            for (var row : unit.rows) parts.put(row.id(), part);
            before += unit.rows.size();
        }
    }

    private static String most(List<Row> rows, Map<Row, String> classes) {
        var counts = new TreeMap<String, Integer>();
        for (var row : rows) counts.merge(classes.get(row), 1, Integer::sum);
        return counts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    /** The class of every galaxy; what has no label is a class too. */
    private Map<Row, String> classes(Catalogue table) {
        table.header().index(stratify);
        var classes = new HashMap<Row, String>();
        for (var row : table.rows()) classes.put(row, row.isBlank(stratify) ? "" : row.text(stratify));
        var distinct = classes.values().stream()
                .distinct()
                .filter(label -> !label.isEmpty())
                .toList();
        if (distinct.size() > MOST_CLASSES && distinct.stream().allMatch(Division::isNumber)) bin(classes);
        return classes;
    }

    private static boolean isNumber(String text) {
        return text.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
    }

    private static void bin(Map<Row, String> classes) {
        var sorted = classes.values().stream()
                .filter(text -> !text.isEmpty())
                .mapToDouble(Double::parseDouble)
                .sorted()
                .toArray();
        classes.replaceAll((_, text) -> {
            if (text.isEmpty()) return text;
            int place = Arrays.binarySearch(sorted, Double.parseDouble(text));
            return "bin " + Math.min(BINS - 1, (long) Math.max(0, place) * BINS / sorted.length);
        });
    }
}
