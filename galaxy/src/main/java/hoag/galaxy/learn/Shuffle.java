package hoag.galaxy.learn;

import hoag.galaxy.image.Bands;
import hoag.galaxy.image.Picture;
import hoag.galaxy.image.Scratch;
import hoag.galaxy.image.Transform;
import hoag.kernels.Uniform;

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
        return java.util.Arrays.copyOfRange(all, from, to);
    }

    /** The transform as it is in a given epoch, whatever the loader counts. */
    static Transform inEpoch(Transform transform, int epoch) {
        return new Transform() {
            @Override
            public int channels() {
                return transform.channels();
            }

            @Override
            public int size() {
                return transform.size();
            }

            @Override
            public Bands bands() {
                return transform.bands();
            }

            @Override
            public void apply(Picture picture, long ignored, int index, float[] out, int offset, Scratch scratch) {
                transform.apply(picture, epoch, index, out, offset, scratch);
            }
        };
    }
}
