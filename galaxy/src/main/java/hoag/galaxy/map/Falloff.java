package hoag.galaxy.map;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.analysis.ParametricUnivariateFunction;
import org.apache.commons.math3.fitting.SimpleCurveFitter;
import org.apache.commons.math3.fitting.WeightedObservedPoint;

/**
 * How the likeness of two points falls off with their distance in the plane: {@code 1 / (1 + a d^2b)}, fitted to 1 up to the least distance and
 * {@code exp(-(d - least) / spread)} beyond.
 */
record Falloff(double a, double b) {
    private static final int POINTS = 300;

    static Falloff of(double least, double spread) {
        List<WeightedObservedPoint> points = new ArrayList<>();
        for (int i = 0; i < POINTS; i++) {
            double d = 3 * spread * i / (POINTS - 1);
            points.add(new WeightedObservedPoint(1, d, d < least ? 1 : Math.exp(-(d - least) / spread)));
        }
        double[] fitted =
                SimpleCurveFitter.create(new Shape(), new double[] {1, 1}).fit(points);
        return new Falloff(fitted[0], fitted[1]);
    }

    private static final class Shape implements ParametricUnivariateFunction {
        @Override
        public double value(double d, double... ab) {
            return 1 / (1 + ab[0] * Math.pow(d, 2 * ab[1]));
        }

        @Override
        public double[] gradient(double d, double... ab) {
            if (d == 0) {
                return new double[2];
            }
            double power = Math.pow(d, 2 * ab[1]);
            double value = 1 / (1 + ab[0] * power);
            return new double[] {-value * value * power, -value * value * ab[0] * power * 2 * Math.log(d)};
        }
    }
}
