package hoag.galaxy.simulate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Which galaxy of a set is of which kind and part; kinds are mixed, each is divided 70/10/20 into train, valid and test. */
public final class SimulatedSet {
    private static final double TRAIN = 0.7;
    private static final double VALID = 0.8;

    private final Observation observation;
    private final long seed;
    private final Map<GalaxyKind, Integer> kinds = new EnumMap<>(GalaxyKind.class);
    private final GalaxyKind[] kind;
    private final String[] split;

    /**
     * @param count galaxies
     * @param rare share of each rare kind; of each at least one where it is above 0
     */
    public SimulatedSet(int count, double rare, Observation observation, long seed) {
        this.observation = observation;
        this.seed = seed;
        int left = count;
        for (GalaxyKind each : GalaxyKind.values()) {
            if (each.rare() && rare > 0) {
                kinds.put(each, (int) Math.max(1, Math.round(rare * count)));
                left -= kinds.get(each);
            }
        }
        share(left);
        kind = new GalaxyKind[count];
        split = new String[count];
        deal();
    }

    /** The common kinds by their shares; the first takes what rounding left over. */
    private void share(int count) {
        int left = count;
        for (GalaxyKind each : GalaxyKind.values()) {
            if (!each.rare() && each.ordinal() > 0) {
                kinds.put(each, (int) Math.round(each.share() * count));
                left -= kinds.get(each);
            }
        }
        kinds.put(GalaxyKind.values()[0], left);
    }

    /** A permutation that depends on the seed alone says where each of each kind stands. */
    private void deal() {
        int[] order = new int[kind.length];
        Arrays.setAll(order, i -> i);
        Draw draw = Draw.of(seed, Long.MIN_VALUE);
        for (int i = order.length - 1; i > 0; i--) {
            int j = draw.count(0, i);
            int held = order[i];
            order[i] = order[j];
            order[j] = held;
        }
        int at = 0;
        for (var each : kinds.entrySet()) {
            for (int i = 0; i < each.getValue(); i++) {
                kind[order[at]] = each.getKey();
                split[order[at++]] = split(i, each.getValue());
            }
        }
    }

    /** train, valid or test for the number-th of so many. */
    public static String split(int number, int of) {
        double at = (number + 0.5) / of;
        return at < TRAIN ? "train" : at < VALID ? "valid" : "test";
    }

    /** How many of each kind. */
    public Map<GalaxyKind, Integer> kinds() {
        return kinds;
    }

    /**
     * Writes a picture and says its row of the catalogue.
     *
     * @throws hoag.kernels.DataException when it cannot be written
     */
    public String write(Path images, int number) {
        var galaxy = SimulatedGalaxy.of(kind[number], observation, seed, number);
        String id = "sim%07d".formatted(number);
        String file = id + observation.kind().ending();
        galaxy.write(images.resolve(file), observation.kind());
        List<String> row = new ArrayList<>(List.of(id, file, split[number], "yes", kind[number].rare() ? "yes" : "no"));
        row.addAll(galaxy.truth().values());
        Arrays.stream(galaxy.votes()).mapToObj(String::valueOf).forEach(row::add);
        return String.join(",", row);
    }
}
