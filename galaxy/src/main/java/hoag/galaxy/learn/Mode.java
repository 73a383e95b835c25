package hoag.galaxy.learn;

import hoag.kernels.ConfigException;
import java.util.List;

/**
 * What is trained.
 *
 * @param blocks how many groups of the backbone, from the top, learn with the head: 0 for the head alone, {@link #ALL} for everything
 * @param freeze names of weights that stay as they are all the same; {@code *} stands for any letters, {@code ?} for one
 * @param probe the head is fitted to convergence, ridge regression in closed form, see {@link Probe}; blocks is 0 then
 */
public record Mode(int blocks, List<String> freeze, boolean probe) {
    /** Every group. */
    public static final int ALL = Integer.MAX_VALUE;

    /** The head alone, on frozen representations. */
    public static final Mode HEAD = new Mode(0, List.of());

    /** The head alone, fitted to convergence, on representations that are computed once and may be kept in a file. */
    public static final Mode PROBE = new Mode(0, List.of(), true);

    /** Everything. */
    public static final Mode FULL = new Mode(ALL, List.of());

    /** @throws ConfigException when the number of blocks is below 0 */
    public Mode {
        if (blocks < 0) {
            throw new ConfigException("blocks " + blocks + " is not allowed; it must be 0 or more");
        }
        if (probe && blocks > 0) {
            throw new ConfigException("a probe trains no block of the backbone; blocks " + blocks + " must be 0");
        }
        freeze = List.copyOf(freeze);
    }

    /** No probe. */
    public Mode(int blocks, List<String> freeze) {
        this(blocks, freeze, false);
    }

    /** The head and the uppermost groups of the backbone, see {@link hoag.galaxy.models.Backbone#groups}. */
    public static Mode blocks(int count) {
        return new Mode(count, List.of());
    }

    /** The same, with these weights left as they are. */
    public Mode freeze(List<String> patterns) {
        return new Mode(blocks, patterns, probe);
    }

    /** The same, with these weights left as they are. */
    public Mode freeze(String... patterns) {
        return freeze(List.of(patterns));
    }

    /** Whether the head alone is trained. */
    public boolean isHead() {
        return blocks == 0;
    }

    /**
     * {@code head}, {@code probe}, {@code full} or {@code blocks=K}.
     *
     * @throws ConfigException if it is none of them
     */
    public static Mode parse(String text) {
        String small = text.strip().toLowerCase(java.util.Locale.ROOT);
        if (small.equals("head")) {
            return HEAD;
        }
        if (small.equals("probe")) {
            return PROBE;
        }
        if (small.equals("full")) {
            return FULL;
        }
        if (small.matches("blocks=0*[1-9]\\d{0,5}")) {
            return blocks(Integer.parseInt(small.substring("blocks=".length())));
        }
        throw new ConfigException("--mode " + text
                + " is none of head, full, blocks=K with K 1 or more (the groups of layers from the top), probe");
    }

    /**
     * Whether this can be done with a model.
     *
     * @throws ConfigException if there are fewer groups, a pattern names no weight, nothing is left to train, or only the head is trained
     *     and something is to be frozen besides
     */
    public void check(GalaxyModel model) {
        if (isHead() && !freeze.isEmpty()) {
            throw new ConfigException("--freeze " + String.join(", ", freeze)
                    + " says nothing where the head alone is trained; give --mode full or blocks=K, or leave it out");
        }
        Frozen.of(model, this);
    }

    /** As {@link #parse} reads it. */
    public String text() {
        return probe ? "probe" : isHead() ? "head" : blocks == ALL ? "full" : "blocks=" + blocks;
    }

    @Override
    public String toString() {
        return text().toUpperCase(java.util.Locale.ROOT) + (freeze.isEmpty() ? "" : " without " + freeze);
    }
}
