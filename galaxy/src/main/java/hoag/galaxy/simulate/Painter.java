package hoag.galaxy.simulate;

import java.util.ArrayList;
import java.util.List;

/** Puts a galaxy on a sky, part by part: the parts' fluxes add up to the galaxy's. What the truth leaves open (where knots lie, how a tail bends) is drawn. */
final class Painter {
    private static final double DEXP = 1.678; // effective radius of an exponential disk by its scale length
    private static final double EDGE = 80;

    private final Sky sky;
    private final Morphology galaxy;
    private final Draw draw;
    private final double radius;
    private final double angle;
    private final double red;

    private Painter(Sky sky, Morphology galaxy, Draw draw) {
        this.sky = sky;
        this.galaxy = galaxy;
        this.draw = draw;
        radius = galaxy.body().radius();
        angle = Math.toRadians(galaxy.body().angle());
        red = galaxy.body().red();
    }

    /** The galaxy alone, sharp and without noise. */
    static void paint(Sky sky, Morphology galaxy, Draw draw) {
        var painter = new Painter(sky, galaxy, draw);
        if (galaxy.kind() == GalaxyKind.ARTIFACT) {
            painter.artifact();
        } else {
            painter.galaxy();
        }
    }

    /** Stars in front and small galaxies behind, off the middle. */
    static void field(Sky sky, double light, Draw draw) {
        for (int stars = draw.of(0.4, 0.35, 0.25); stars > 0; stars--) {
            sky.add(point(sky, draw, light * draw.decades(0.003, 0.1), 0.3), draw.uniform(-0.3, 1.2));
        }
        for (int small = draw.of(0.3, 0.3, 0.25, 0.15); small > 0; small--) {
            double away = draw.uniform(0.25, 0.68) * sky.side();
            double at = draw.angle();
            sky.add(
                    new Sersic(light * draw.decades(0.003, 0.04), draw.uniform(0.012, 0.03) * sky.side(), 1)
                            .seen(away * Math.cos(at), away * Math.sin(at), draw.angle(), draw.uniform(0.3, 1)),
                    draw.uniform(0, 1.2));
        }
    }

    private static Blobs point(Sky sky, Draw draw, double flux, double sigma) {
        double away = draw.uniform(0.22, 0.68) * sky.side();
        double at = draw.angle();
        return new Blobs(new double[][] {{away * Math.cos(at), away * Math.sin(at), sigma, flux}});
    }

    private void galaxy() {
        bulge();
        if (galaxy.body().inclination() > EDGE) {
            edge();
        } else {
            disk();
        }
        ring();
        knots();
        tails();
        companion();
        arcs();
        dust();
    }

    private double flux(double share) {
        return galaxy.flux() * share;
    }

    /** A light of the plane of the disk as it is seen. */
    private Light slanted(Light faceOn) {
        return faceOn.seen(0, 0, angle, galaxy.slant());
    }

    private void bulge() {
        var bulge = galaxy.bulge();
        if (bulge.fraction() > 0) {
            var law = new Sersic(flux(bulge.fraction()), Math.max(0.5, bulge.size() * radius), bulge.sersic());
            sky.add(law.seen(0, 0, angle, bulge.axes()), Math.min(1.1, red + 0.35));
        }
    }

    private void edge() {
        double scale = radius / DEXP;
        var disk = new EdgeOn(flux(galaxy.disk()), scale, Math.max(0.35, scale * draw.uniform(0.12, 0.25)));
        sky.add(disk.seen(0, 0, angle, 1), red);
    }

    private void disk() {
        double share = galaxy.disk();
        if (share <= 1e-9) {
            return;
        }
        var arms = galaxy.arms();
        double tangent = Math.tan(Math.toRadians(arms.pitch())) * (draw.chance(0.5) ? 1 : -1);
        double barred = galaxy.parts().bar() > 0 ? draw.uniform(0.7, 1.1) * radius : 0;
        // arms begin at the ends of a bar: where the phase at that radius is the bar's direction, x
        double start = barred > 0 ? -Math.log(barred / radius) / tangent : draw.angle();
        var disk = new SpiralDisk(
                new Sersic(flux(share), radius, 1),
                radius,
                arms.count(),
                tangent,
                arms.strength(),
                draw.uniform(1.2, 3.5),
                start,
                barred > 0 ? barred : 0.4 * radius,
                galaxy.parts().lopsided());
        double turned = draw.angle();
        sky.add(slanted(disk.seen(0, 0, turned, 1)), red);
        if (barred > 0) {
            var bar = new Bar(flux(galaxy.parts().bar()), barred, draw.uniform(0.2, 0.4));
            sky.add(slanted(bar.seen(0, 0, turned, 1)), Math.min(1, red + 0.3));
        }
    }

    private void ring() {
        if (galaxy.parts().ring() > 0) {
            double r = draw.uniform(1.7, 2.6) * radius;
            var ring = new Annulus(flux(galaxy.parts().ring()), r, r * draw.uniform(0.07, 0.15), 0);
            sky.add(slanted(ring), Math.max(0, red - 0.5));
        }
    }

    private void knots() {
        double share = galaxy.parts().knots();
        if (share <= 0) {
            return;
        }
        double[][] knots = new double[draw.count(6, 22)][];
        for (int i = 0; i < knots.length; i++) {
            double r = radius * Math.sqrt(-Math.log(1 - 0.95 * draw.uniform(0, 1))) * 1.1;
            double at = draw.angle();
            knots[i] = new double[] {
                r * Math.cos(at), r * Math.sin(at), radius * draw.uniform(0.05, 0.13), draw.decades(0.2, 2)
            };
        }
        sky.add(slanted(shared(knots, flux(share))), -0.1);
    }

    /** Weights in the fourth place become fluxes that add up. */
    private static Blobs shared(double[][] blobs, double flux) {
        double sum = 0;
        for (double[] blob : blobs) {
            sum += blob[3];
        }
        for (double[] blob : blobs) {
            blob[3] *= flux / sum;
        }
        return new Blobs(blobs);
    }

    /** A tail leaves the disk and curls: a string of blobs along r = r_0 exp(theta tan(pitch)), wider and fainter outwards; two of them lie across from one another. */
    private void tails() {
        double share = galaxy.parts().tails();
        if (share <= 0) {
            return;
        }
        int count = draw.chance(0.5) ? 2 : 1;
        double first = draw.angle();
        double sense = draw.chance(0.5) ? 1 : -1;
        List<double[]> blobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tail(blobs, first + i * Math.PI + draw.normal() * 0.25, sense);
        }
        sky.add(slanted(shared(blobs.toArray(double[][]::new), flux(share))), Math.max(0, red - 0.3));
    }

    private void tail(List<double[]> blobs, double from, double sense) {
        double long_ = draw.uniform(2.2, 3.8) * radius;
        double bend = draw.uniform(0.8, 2.4) * sense;
        double wide = draw.uniform(0.1, 0.2) * radius;
        int steps = 40;
        for (int i = 0; i < steps; i++) {
            double t = (i + 0.5) / steps;
            double r = 0.8 * radius + t * long_;
            double at = from + bend * t;
            blobs.add(new double[] {
                r * Math.cos(at), r * Math.sin(at), Math.max(0.7, wide * (1 + t)), Math.exp(-1.2 * t) * (r + long_)
            });
        }
    }

    private void companion() {
        double share = galaxy.parts().companion();
        if (share <= 0) {
            return;
        }
        double away = draw.uniform(1.1, 2.2) * radius;
        double at = draw.angle();
        double x = away * Math.cos(at);
        double y = away * Math.sin(at);
        double size = radius * draw.uniform(0.4, 0.8);
        double axes = draw.uniform(0.35, 0.95);
        double turned = draw.angle();
        double own = draw.uniform(0.2, 1);
        sky.add(new Sersic(flux(0.6 * share), size, 1).seen(x, y, turned, axes), own);
        sky.add(
                new Sersic(flux(0.4 * share), Math.max(0.5, size * 0.3), 2).seen(x, y, turned, axes),
                Math.min(1.1, own + 0.3));
    }

    /** Two arcs at the Einstein radius, the wider farther out. */
    private void arcs() {
        double share = galaxy.parts().arcs();
        if (share <= 0) {
            return;
        }
        double r = draw.uniform(1.3, 2.2) * radius;
        double wide = Math.max(0.6, r * 0.06);
        double at = draw.angle();
        sky.add(new Annulus(flux(0.75 * share), r * 1.1, wide, draw.uniform(1.5, 6)).seen(0, 0, at, 1), -0.3);
        sky.add(new Annulus(flux(0.25 * share), r * 0.85, wide, draw.uniform(5, 10)).seen(0, 0, at + Math.PI, 1), -0.3);
    }

    /** A lane through the middle of an edge-on disk; dust takes more of g than of r than of z (Cardelli, Clayton and Mathis 1989, ApJ 345, 245: about 1.4, 1 and 0.6). */
    private void dust() {
        double depth = galaxy.parts().dust();
        if (depth <= 0) {
            return;
        }
        double[] bands = {1.4, 1, 0.6};
        double height = Math.max(0.7, 0.07 * radius);
        double off = draw.uniform(-0.5, 0.5) * height;
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        sky.dim((band, x, y) -> {
            double along = Math.abs(x * cos + y * sin);
            double across = y * cos - x * sin - off;
            return Math.exp(-depth * bands[band] * Math.exp(-along / (2 * radius)) * EdgeOn.sech2(across / height));
        });
    }

    private void artifact() {
        double tone = draw.uniform(-0.3, 1.2);
        if (draw.chance(0.6)) {
            double turned = draw.angle();
            double x = draw.normal() * 0.03 * sky.side();
            double y = draw.normal() * 0.03 * sky.side();
            sky.add(new Blobs(new double[][] {{x, y, 0.4, flux(0.7)}}), tone);
            for (int i = 0; i < 2; i++) {
                sky.add(new Streak(flux(0.15), 0.15 * sky.side(), 0.7).seen(x, y, turned + i * Math.PI / 2, 1), tone);
            }
        } else {
            double off = draw.uniform(-0.2, 0.2) * sky.side();
            double turned = draw.angle();
            sky.add(
                    new Streak(flux(1), 3.0 * sky.side(), draw.uniform(0.5, 1.5))
                            .seen(-off * Math.sin(turned), off * Math.cos(turned), turned, 1),
                    draw.uniform(0.2, 0.8));
        }
    }
}
