package hoag.galaxy.active;

/**
 * How alike the values at two points are, by the distance d between them (Rasmussen and Williams 2006, section 4.2). Hyper-parameters are given
 * as natural logarithms, those of the covariance first, that of the white noise's variance last.
 */
public enum Covariance {
    /** {@code (1 + d^2 / (2 alpha l^2))^-alpha}: alpha, l, noise. */
    RATIONAL_QUADRATIC("alpha", "length_scale", "noise_level") {
        @Override
        double value(double squared, double... ln) {
            double alpha = Math.exp(ln[0]);
            return Math.exp(-alpha * Math.log1p(squared / (2 * alpha * Math.exp(2 * ln[1]))));
        }

        /** {@code log(1 + x)}, which processors have, is good to 1e-11 in the result even at the largest alpha. */
        @Override
        void values(double[] squared, double... ln) {
            double alpha = Math.exp(ln[0]);
            double scale = 1 / (2 * alpha * Math.exp(2 * ln[1]));
            for (int i = 0; i < squared.length; i++) {
                squared[i] = Math.exp(-alpha * Math.log(1 + scale * squared[i]));
            }
        }

        @Override
        void gradient(double squared, double value, double[] ln, double[] to) {
            double alpha = Math.exp(ln[0]);
            double scaled = squared / Math.exp(2 * ln[1]);
            double base = 1 + scaled / (2 * alpha);
            to[0] = value * (-alpha * Math.log(base) + scaled / (2 * base));
            to[1] = value * scaled / base;
        }
    },
    /** Matern's of order 3/2, {@code (1 + r) exp(-r)} with {@code r = sqrt(3) d / l}: l, noise. */
    MATERN("length_scale", "noise_level") {
        @Override
        double value(double squared, double... ln) {
            double r = Math.sqrt(3 * squared) * Math.exp(-ln[0]);
            return (1 + r) * Math.exp(-r);
        }

        @Override
        void values(double[] squared, double... ln) {
            double scale = Math.sqrt(3) * Math.exp(-ln[0]);
            for (int i = 0; i < squared.length; i++) {
                double r = scale * Math.sqrt(squared[i]);
                squared[i] = (1 + r) * Math.exp(-r);
            }
        }

        @Override
        void gradient(double squared, double value, double[] ln, double[] to) {
            double r = Math.sqrt(3 * squared) * Math.exp(-ln[0]);
            to[0] = r * r * Math.exp(-r);
        }
    };

    private final String[] names;

    Covariance(String... names) {
        this.names = names;
    }

    /** Number of hyper-parameters, the noise included. */
    public int parameters() {
        return names.length;
    }

    /** What the hyper-parameter is called. */
    public String name(int parameter) {
        return names[parameter];
    }

    /** Without noise; 1 at distance 0. */
    abstract double value(double squared, double... ln);

    /** Makes squared distances values, without noise. */
    abstract void values(double[] squared, double... ln);

    /** Derivatives of the value in the logarithms, without that of the noise. */
    abstract void gradient(double squared, double value, double[] ln, double[] to);
}
