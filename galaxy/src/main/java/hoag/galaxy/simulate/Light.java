package hoag.galaxy.simulate;

/** A surface brightness: counts a pixel's area at a place, in pixels from its own middle. The integral over the plane is its flux. */
interface Light {
    double at(double x, double y);

    /** Into how many parts a pixel's side is divided there, so that the mean of the parts' middles is its integral. */
    default int parts(double x, double y) {
        return 1;
    }

    /** Elsewhere, turned by {@code angle} (radians, from x to y) and seen under a slant: across the angle it is {@code axes} as wide. Keeps the flux. */
    default Light seen(double x0, double y0, double angle, double axes) {
        return new Seen(this, x0, y0, Math.cos(angle), Math.sin(angle), axes);
    }

    /** Of {@link #seen}. */
    record Seen(Light of, double x0, double y0, double cos, double sin, double axes) implements Light {
        @Override
        public double at(double x, double y) {
            return of.at(along(x, y), across(x, y)) / axes;
        }

        @Override
        public int parts(double x, double y) {
            return of.parts(along(x, y), across(x, y));
        }

        private double along(double x, double y) {
            return (x - x0) * cos + (y - y0) * sin;
        }

        private double across(double x, double y) {
            return ((y - y0) * cos - (x - x0) * sin) / axes;
        }
    }
}
