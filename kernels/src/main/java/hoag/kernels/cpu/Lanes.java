package hoag.kernels.cpu;

import java.util.Optional;

/** The vector width of this machine, asked for in one place and only when the vector module is there. */
final class Lanes {
    private Lanes() {}

    static Optional<String> whyNot() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                ? Optional.empty()
                : Optional.of(
                        "cpu: the JVM's vector module is off; start Java with --add-modules jdk.incubator.vector, or"
                                + " run with --device reference (very slow)");
    }

    static String description() {
        return whyNot().isPresent() ? "vector module off" : Holder.COUNT + " float lanes, " + Tiles.largest();
    }

    /** Floats in a vector: 16 with AVX-512, 8 with AVX2, 4 with NEON. */
    static int count() {
        return Holder.COUNT;
    }

    private static final class Holder {
        static final int COUNT = Math.min(16, jdk.incubator.vector.FloatVector.SPECIES_PREFERRED.length());
    }
}
