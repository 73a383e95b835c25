package hoag.kernels;

/** A counter-based generator: a number is a function of (seed, step, node, index), so every device and thread draws the same. */
public final class Uniform {
    private Uniform() {}

    /** The key of one node at one step; mixing is splitmix64's finaliser. */
    public static long key(long seed, long step, long node) {
        return mix(mix(mix(seed + 0x9e3779b97f4a7c15L) + step * 0xd1b54a32d192ed03L) + node * 0x8cb92ba72f3d8dd7L);
    }

    /** Uniform in [0, 1) with 24 bits. */
    public static float at(long key, long index) {
        return (mix(key + (index + 1) * 0x9e3779b97f4a7c15L) >>> 40) * 0x1p-24f;
    }

    /** Mixes the bits of a counter: the finalizer of splitmix64 (Steele et al. 2014). */
    public static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
