package hoag.galaxy.simulate;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a simulated galaxy is, the truth behind the picture. Lengths are in pixels, angles in degrees, shares are of {@code flux}.
 *
 * @param kind the class it was drawn from
 * @param flux all of its light in the r band, counts, before dust and noise
 * @param body how large and how turned it is
 * @param bulge its spheroid
 * @param arms its spiral arms
 * @param parts all else
 */
public record Morphology(GalaxyKind kind, double flux, Body body, Bulge bulge, Arms arms, Parts parts) {
    /**
     * Size and place.
     *
     * @param radius the effective radius of the disk, without a disk of the bulge
     * @param inclination of the disk, 0 face-on to 90
     * @param angle of the long axis, from the row direction
     * @param red colour of the whole: 0 young and blue to 1 old and red
     */
    public record Body(double radius, double inclination, double angle, double red) {}

    /**
     * A Sersic law.
     *
     * @param fraction its share
     * @param sersic the index n
     * @param size its effective radius by that of the body
     * @param axes its axis ratio
     */
    public record Bulge(double fraction, double sersic, double size, double axes) {
        static final Bulge NONE = new Bulge(0, 1, 1, 1);
    }

    /**
     * Logarithmic arms.
     *
     * @param count how many, 0 for none
     * @param pitch degrees; small is tight
     * @param strength share of the disk that the arms have gathered, 0..1
     */
    public record Arms(int count, double pitch, double strength) {
        static final Arms NONE = new Arms(0, 20, 0);
    }

    /**
     * What not every galaxy has; all 0 for none.
     *
     * @param bar share in a bar
     * @param ring share in a ring
     * @param tails share in tidal tails
     * @param companion share in a second galaxy that merges with it
     * @param knots share in knots of young stars
     * @param arcs share in arcs of a galaxy behind it that it bends
     * @param lopsided how much more light the one side of the disk has, 0..1
     * @param dust optical depth of a lane in r
     */
    public record Parts(
            double bar,
            double ring,
            double tails,
            double companion,
            double knots,
            double arcs,
            double lopsided,
            double dust) {
        static final Parts NONE = new Parts(0, 0, 0, 0, 0, 0, 0, 0);

        Parts bar(double share) {
            return new Parts(share, ring, tails, companion, knots, arcs, lopsided, dust);
        }

        Parts ring(double share) {
            return new Parts(bar, share, tails, companion, knots, arcs, lopsided, dust);
        }

        Parts tails(double share) {
            return new Parts(bar, ring, share, companion, knots, arcs, lopsided, dust);
        }

        Parts companion(double share) {
            return new Parts(bar, ring, tails, share, knots, arcs, lopsided, dust);
        }

        Parts knots(double share) {
            return new Parts(bar, ring, tails, companion, share, arcs, lopsided, dust);
        }

        Parts arcs(double share) {
            return new Parts(bar, ring, tails, companion, knots, share, lopsided, dust);
        }

        Parts lopsided(double more) {
            return new Parts(bar, ring, tails, companion, knots, arcs, more, dust);
        }

        Parts dust(double depth) {
            return new Parts(bar, ring, tails, companion, knots, arcs, lopsided, depth);
        }
    }

    /** The share that is left for the disk. */
    public double disk() {
        return 1 - bulge.fraction - parts.bar - parts.ring - parts.tails - parts.companion - parts.knots - parts.arcs;
    }

    /** Axis ratio of the disk, sqrt(cos^2 i + 0.2^2 sin^2 i) (Hubble 1926, ApJ 64, 321, with a thickness of 0.2). */
    public double slant() {
        double cos = Math.cos(Math.toRadians(body.inclination));
        return Math.sqrt(cos * cos + 0.04 * (1 - cos * cos));
    }

    /** The columns of a catalogue, in order: {@code kind}, {@code flux}, and those of the parts as {@code bulge_fraction}, {@code arms_count}. */
    public static List<String> columns() {
        List<String> names = new ArrayList<>();
        for (RecordComponent each : Morphology.class.getRecordComponents()) {
            if (each.getType().isRecord()) {
                for (RecordComponent inner : each.getType().getRecordComponents()) {
                    names.add(each.getName() + "_" + inner.getName());
                }
            } else {
                names.add(each.getName());
            }
        }
        return names;
    }

    /** The values of {@link #columns()}. */
    public List<String> values() {
        return List.of(
                kind.text(),
                text(flux),
                text(body.radius),
                text(body.inclination),
                text(body.angle),
                text(body.red),
                text(bulge.fraction),
                text(bulge.sersic),
                text(bulge.size),
                text(bulge.axes),
                String.valueOf(arms.count),
                text(arms.pitch),
                text(arms.strength),
                text(parts.bar),
                text(parts.ring),
                text(parts.tails),
                text(parts.companion),
                text(parts.knots),
                text(parts.arcs),
                text(parts.lopsided),
                text(parts.dust));
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, "%.5g", value);
    }
}
