package hoag.galaxy.image;

import hoag.galaxy.image.Picture.Bytes;
import hoag.kernels.Uniform;
import hoag.kernels.Views;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Augmented views that are written down instead of computed, for a device to compute to the same bits ({@link Views}): the draws, the matrix and the weights are
 * the host's, the pixels the device's. A picture that is not three colours of eight bits, or has more than four pixels for one of the model's, is computed by the host and goes along. Of each
 * picture {@link #length} numbers are kept, the first says how many of them count.
 */
public final class Deferred implements Derived {
    private static final int PIXELS = 4; // of a picture, for one of the model's

    private final Preprocess preprocess;
    private final Augment augment;
    private final Transform computed;
    private final long seed;

    Deferred(Preprocess preprocess, Augment augment, long seed) {
        this.preprocess = preprocess;
        this.augment = augment;
        this.seed = seed;
        computed = augment.with(preprocess, seed);
    }

    /** The same views, computed by the host. */
    @Override
    public Transform base() {
        return computed;
    }

    @Override
    public int length() {
        int pixels = size() * size();
        return 1 + Math.max(2 + 3 * pixels, (int) Views.words(size(), augment.erasures(), PIXELS * pixels, 1));
    }

    @Override
    public void apply(Picture picture, long epoch, int index, float[] out, int offset, Scratch scratch) {
        var lit = preprocess.lit(picture, scratch);
        if (lit instanceof Bytes bytes
                && bytes.channels() == 3
                && Views.words(size(), augment.erasures(), bytes.width(), bytes.height()) < length()) {
            write(bytes, Uniform.key(seed, epoch, index), new Words(out, offset));
        } else {
            out[offset] = 2 + 3 * size() * size();
            out[offset + 1] = 0; // the host's
            computed.apply(picture, epoch, index, out, offset + 3, scratch);
        }
    }

    /** Words put behind one another; the first is kept for their number. */
    private static final class Words {
        private final float[] words;
        private final int first;
        private int at;

        Words(float[] words, int first) {
            this.words = words;
            this.first = first;
            at = first + 1;
        }

        void bits(int... all) {
            for (int bits : all) {
                words[at++] = Float.intBitsToFloat(bits);
            }
        }

        void bits(long all) {
            bits((int) all, (int) (all >>> 32));
        }

        void put(float... all) {
            for (float each : all) {
                words[at++] = each;
            }
        }

        void bytes(byte[] all, int count) {
            MemorySegment.copy(
                    MemorySegment.ofArray(all),
                    ValueLayout.JAVA_BYTE,
                    0,
                    MemorySegment.ofArray(words),
                    ValueLayout.JAVA_BYTE,
                    4L * at,
                    count);
            at += (count + 3) / 4;
        }

        void end() {
            words[first] = at - first - 1;
        }
    }

    private void write(Bytes picture, long key, Words words) {
        var map = augment.map(key, preprocess, picture.width(), picture.height());
        double scale = Math.sqrt(Math.abs(map.a() * map.e() - map.b() * map.d()));
        int wanted = Packed.box(scale), box = Math.min(wanted, Math.min(picture.width(), picture.height()));
        words.bits(
                1, picture.width(), picture.height(), box, Packed.smooth(scale / wanted, wanted), augment.erasures());
        double share = 1.0 / box;
        words.bits(Sampler.fixed(map.a() * share));
        words.bits(Sampler.fixed(map.d() * share));
        var mix = Mix.of(preprocess, 3, 255.0 * Packed.FRACTION * Packed.WEIGHTS);
        words.put(mix.bias());
        for (float[] weight : mix.weight()) {
            words.put(weight);
        }
        for (int i = 0; i < augment.erasures(); i++) {
            var erasure = augment.erasure(key, i, size());
            words.bits(erasure.left(), erasure.top(), erasure.width(), erasure.height());
        }
        for (int y = 0; y < size(); y++) {
            words.bits(Sampler.fixed((map.a() * 0.5 + map.b() * (y + 0.5) + map.c()) * share - 0.5));
            words.bits(Sampler.fixed((map.d() * 0.5 + map.e() * (y + 0.5) + map.f()) * share - 0.5));
        }
        words.bytes(picture.values(), picture.size());
        words.end();
    }

    /**
     * The batch as a device reads it.
     *
     * @param pictures what {@link #apply} wrote, {@link #length} numbers each
     * @param into memory for it, at least {@link #most} numbers
     */
    public Views views(float[] pictures, int count, float[] into) {
        int at = even(count);
        for (int i = 0; i < count; i++) {
            int from = i * length(), words = (int) pictures[from];
            into[i] = Float.intBitsToFloat(at);
            System.arraycopy(pictures, from + 1, into, at, words);
            at = even(at + words);
        }
        return new Views(count, size(), into, at);
    }

    /** The most that a batch takes. */
    public int most(int count) {
        return even(count) + count * (length() + 1);
    }

    private static int even(int words) {
        return words + words % 2;
    }
}
