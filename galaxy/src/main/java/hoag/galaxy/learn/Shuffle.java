package hoag.galaxy.learn;

import hoag.galaxy.image.Derived;
import hoag.galaxy.image.Picture;
import hoag.galaxy.image.Scratch;
import hoag.galaxy.image.Transform;
import hoag.kernels.Uniform;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The order of an epoch: a permutation that is a function of (seed, epoch). */
final class Shuffle {
    private Shuffle() {}

    /** Rows {@code from}..{@code to}-1 of the epoch's permutation of 0..n-1 (Fisher and Yates). */
    static int[] rows(int n, long seed, int epoch, int from, int to) {
        int[] all = new int[n];
        long key = Uniform.key(seed, epoch, 0x6f72646572L);
        for (int i = 0; i < n; i++) {
            int j = (int) Long.remainderUnsigned(Uniform.mix(key + i * 0x9e3779b97f4a7c15L), i + 1);
            all[i] = all[j];
            all[j] = i;
        }
        return Arrays.copyOfRange(all, from, to);
    }

    /**
     * Rows {@code from}..{@code to}-1 of an epoch of n galaxies in which every class comes equally often: each class's galaxies in an order of their own,
     * again and again, the classes shuffled.
     *
     * @param classes the class of each galaxy, below 0 for those that are left out
     */
    static int[] balanced(int[] classes, long seed, int epoch, int from, int to) {
        int count = Arrays.stream(classes).max().orElse(-1) + 1;
        int[][] members = new int[count][];
        for (int c = 0; c < count; c++) {
            int own = c;
            members[c] = IntStream.range(0, classes.length)
                    .filter(i -> classes[i] == own)
                    .toArray();
        }
        int[][] there = Arrays.stream(members).filter(m -> m.length > 0).toArray(int[][]::new);
        int[] slots = rows(classes.length, seed, epoch, 0, classes.length);
        int[] all = new int[classes.length];
        for (int c = 0; c < there.length; c++) {
            int[] own = there[c];
            int[] order = {};
            for (int i = c, turn = 0; i < all.length; i += there.length, turn++) {
                if (turn % own.length == 0) {
                    order = rows(own.length, seed + 1 + c, epoch * 1024 + turn / own.length, 0, own.length);
                }
                all[slots[i]] = own[order[turn % own.length]];
            }
        }
        return Arrays.copyOfRange(all, from, to);
    }

    /** The transform as it is in a given epoch, whatever the loader counts. */
    static Transform inEpoch(Transform transform, int epoch) {
        return new InEpoch(transform, epoch);
    }

    private record InEpoch(Transform base, int epoch) implements Derived {
        @Override
        public int length() {
            return base.length();
        }

        @Override
        public void apply(Picture picture, long ignored, int index, float[] out, int offset, Scratch scratch) {
            base.apply(picture, epoch, index, out, offset, scratch);
        }
    }
}
