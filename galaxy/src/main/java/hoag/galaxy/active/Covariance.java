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
        void gradient(double[] squared, double[] values, double[] factors, double[] ln, double... to) {
            double alpha = Math.exp(ln[0]);
            double scale = Math.exp(-2 * ln[1]);
            double shape = 0;
            double length = 0;
            for (int i = 0; i < values.length; i++) {
                double scaled = scale * squared[i];
                double base = 1 + scaled / (2 * alpha);
                double much = factors[i] * values[i];
                shape += much * (-alpha * Math.log(base) + scaled / (2 * base));
                length += much * scaled / base;
            }
            to[0] += shape;
            to[1] += length;
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
        void gradient(double[] squared, double[] values, double[] factors, double[] ln, double... to) {
            double scale = Math.sqrt(3) * Math.exp(-ln[0]);
            for (int i = 0; i < values.length; i++) {
                double r = scale * Math.sqrt(squared[i]);
                to[0] += factors[i] * r * r * Math.exp(-r);
            }
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

    /**
     * Adds to each entry the sum of factors times the derivative of the values in that logarithm; nothing to that of the noise.
     *
     * @param values what {@link #values} makes of the squared distances; there are as many as counted
     */
    abstract void gradient(double[] squared, double[] values, double[] factors, double[] ln, double... to);
}
