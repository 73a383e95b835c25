package hoag.galaxy.simulate;

import hoag.galaxy.simulate.Morphology.Arms;
import hoag.galaxy.simulate.Morphology.Body;
import hoag.galaxy.simulate.Morphology.Bulge;
import hoag.galaxy.simulate.Morphology.Parts;
import java.util.Locale;

/**
 * What a simulated galaxy can be. The common kinds have shares in the manner of the nearby galaxies of large surveys, not of any one; the rare kinds are those that people hunt for.
 * Flux spans a factor of 50, the effective radius 0.06 to 0.14 of the picture's side.
 */
public enum GalaxyKind {
    /** A spheroid, no disk. */
    ELLIPTICAL(0.26) {
        @Override
        Morphology draw(Draw draw, Body body, double flux) {
            var bulge = new Bulge(1, draw.uniform(2.5, 6), 1, draw.uniform(0.45, 1));
            return new Morphology(this, flux, red(draw, body, 0.8, 1.1), bulge, Arms.NONE, Parts.NONE);
        }
    },
    /** Bulge and disk without arms. */
    LENTICULAR(0.14) {
        @Override
        Morphology draw(Draw draw, Body body, double flux) {
            var bulge = bulge(draw, 0.25, 0.65);
            return new Morphology(this, flux, red(draw, body, 0.7, 1), bulge, Arms.NONE, Parts.NONE);
        }
    },
    /** Bulge, disk and arms. */
    SPIRAL(0.24) {
        @Override
        Morphology draw(Draw draw, Body body, double flux) {
            return spiral(draw, body, flux, Parts.NONE);
        }
    },
    /** The same with a bar. */
    BARRED(0.14) {
        @Override
        Morphology draw(Draw draw, Body body, double flux) {
            return spiral(draw, body, flux, Parts.NONE.bar(draw.uniform(0.1, 0.25)));
        }
    },
    /** A disk seen from its edge. */
    EDGE_ON(0.12) {
        @Override
        Morphology draw(Draw draw, Body body, double flux) {
            return edge(draw, body, flux, 0);
        }
    },
    /** No bulge, no order. */
    IRREGULAR(0.07) {
        @Override
        Morphology draw(Draw draw, Body body, double flux) {
            var parts = Parts.NONE.lopsided(draw.uniform(0.3, 0.9)).knots(draw.uniform(0.15, 0.45));
            return new Morphology(this, flux, red(draw, body, 0, 0.3), Bulge.NONE, Arms.NONE, parts);
        }
    },
    /** No galaxy: a bright star with spikes, or the trail of a satellite. */
    ARTIFACT(0.03) {
        @Override
        Morphology draw(Draw draw, Body body, double flux) {
            return new Morphology(this, flux, body, Bulge.NONE, Arms.NONE, Parts.NONE);
        }
    },
    /** Rare: a ring around a bulge or a disk. */
    RING(0) {
        @Override
        Morphology draw(Draw draw, Body body, double flux) {
            var parts = Parts.NONE.ring(draw.uniform(0.3, 0.55));
            var bulge = bulge(draw, 0.2, 0.4);
            return new Morphology(this, flux, face(red(draw, body, 0.3, 0.8)), bulge, Arms.NONE, parts);
        }
    },
    /** Rare: two galaxies in contact, with a tail or two. */
    MERGER(0) {
        @Override
        Morphology draw(Draw draw, Body body, double flux) {
            var parts = Parts.NONE
                    .companion(draw.uniform(0.2, 0.45))
                    .tails(draw.uniform(0.08, 0.2))
                    .lopsided(draw.uniform(0.2, 0.6));
            var bulge = bulge(draw, 0.1, 0.3);
            var arms = draw.chance(0.5) ? new Arms(2, draw.uniform(20, 40), draw.uniform(0.3, 0.6)) : Arms.NONE;
            return new Morphology(this, flux, face(red(draw, body, 0.2, 0.9)), bulge, arms, parts);
        }
    },
    /** Rare: one galaxy with a tidal tail or a pair. */
    TIDAL(0) {
        @Override
        Morphology draw(Draw draw, Body body, double flux) {
            var parts = Parts.NONE.tails(draw.uniform(0.12, 0.3)).lopsided(draw.uniform(0.1, 0.5));
            return new Morphology(this, flux, face(red(draw, body, 0.3, 0.9)), bulge(draw, 0.2, 0.6), Arms.NONE, parts);
        }
    },
    /** Rare: a disk from its edge with a lane of dust. */
    DUST_LANE(0) {
        @Override
        Morphology draw(Draw draw, Body body, double flux) {
            return edge(draw, body, flux, draw.uniform(1.5, 4));
        }
    },
    /** Rare: a red spheroid that bends a blue galaxy behind it into arcs. */
    LENS(0) {
        @Override
        Morphology draw(Draw draw, Body body, double flux) {
            var parts = Parts.NONE.arcs(draw.uniform(0.08, 0.2));
            var bulge = new Bulge(1 - parts.arcs(), draw.uniform(3, 5), 1, draw.uniform(0.7, 1));
            return new Morphology(this, flux, red(draw, body, 0.95, 1.15), bulge, Arms.NONE, parts);
        }
    };

    private final double share;

    GalaxyKind(double share) {
        this.share = share;
    }

    abstract Morphology draw(Draw draw, Body body, double flux);

    /** A galaxy of this kind for a picture of {@code side} pixels. */
    Morphology draw(Draw draw, int side) {
        double scale = side / 64.0;
        double flux = draw.decades(2e4, 1e6) * scale * scale;
        double slant = Math.toDegrees(Math.acos(draw.uniform(0.4, 1)));
        var body = new Body(draw.uniform(0.06, 0.14) * side, slant, draw.uniform(0, 180), draw.uniform(0, 1));
        return draw(draw, body, flux);
    }

    /** As catalogues name it: {@code dust_lane}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is one of those that people hunt for. */
    public boolean rare() {
        return share == 0;
    }

    /** The share among the common kinds; 0 for a rare one. */
    public double share() {
        return share;
    }

    private static Morphology spiral(Draw draw, Body body, double flux, Parts parts) {
        int count = new int[] {2, 3, 4, 1, 6}[draw.of(0.6, 0.17, 0.1, 0.05, 0.08)];
        var arms = new Arms(count, draw.uniform(8, 32), draw.uniform(0.4, 0.95));
        GalaxyKind kind = parts.bar() > 0 ? BARRED : SPIRAL;
        double knots = draw.uniform(0, 0.15);
        return new Morphology(kind, flux, red(draw, body, 0.1, 0.7), bulge(draw, 0.03, 0.3), arms, parts.knots(knots));
    }

    private static Morphology edge(Draw draw, Body body, double flux, double dust) {
        var turned = new Body(body.radius() * 1.2, draw.uniform(84, 90), body.angle(), draw.uniform(0.3, 1));
        var kind = dust > 0 ? DUST_LANE : EDGE_ON;
        return new Morphology(kind, flux, turned, bulge(draw, 0.02, 0.4), Arms.NONE, Parts.NONE.dust(dust));
    }

    private static Bulge bulge(Draw draw, double least, double most) {
        return new Bulge(
                draw.uniform(least, most), draw.uniform(1, 4), draw.uniform(0.15, 0.45), draw.uniform(0.75, 1));
    }

    private static Body red(Draw draw, Body body, double least, double most) {
        return new Body(body.radius(), body.inclination(), body.angle(), draw.uniform(least, most));
    }

    /** What stands out of the plane is seen from above: at most 55 degrees. */
    private static Body face(Body body) {
        return new Body(body.radius(), Math.min(55, body.inclination()), body.angle(), body.red());
    }
}
