package hoag.galaxy.labels;

import java.time.Instant;

/**
 * One thing that somebody did; nothing is ever changed or deleted.
 *
 * @param number its place in the order of all changes, from 1
 * @param key what its maker calls it, unlike every other: whoever says it again, because no answer came, does not do it twice
 * @param at when it was accepted
 * @param who did it
 * @param model fingerprint of the model whose survey they looked at
 * @param galaxy its id
 * @param label what was said, or taken back
 * @param undoes the number of the change that this one takes back, 0 for none
 */
public record Change(
        long number, String key, Instant at, String who, String model, String galaxy, Label label, long undoes) {}
