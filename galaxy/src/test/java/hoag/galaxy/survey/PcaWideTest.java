package hoag.galaxy.survey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Components of many features, which are found by iteration: what makes them components, in double precision. */
class PcaWideTest {
    private static final int WIDTH = 300;
    private static final int COUNT = 12;

    /** @param decay standard deviation of hidden direction i is {@code decay^i}; 1 makes all alike */
    private static float[] rows(int n, int hidden, double decay, double noise) {
        Random random = new Random(5);
        double[][] basis = new double[hidden][WIDTH];
        for (double[] direction : basis) {
            java.util.Arrays.setAll(direction, i -> random.nextGaussian());
        }
        float[] values = new float[n * WIDTH];
        for (int i = 0; i < n; i++) {
            double[] row = new double[WIDTH];
            for (int h = 0; h < hidden; h++) {
                double amount = random.nextGaussian() * Math.pow(decay, h);
                for (int j = 0; j < WIDTH; j++) {
                    row[j] += amount * basis[h][j];
                }
            }
            for (int j = 0; j < WIDTH; j++) {
                values[i * WIDTH + j] = (float) (row[j] + 3 + noise * random.nextGaussian());
            }
        }
        return values;
    }

    private static void check(float[] values, double tolerance) {
        Rows rows = Rows.of(values, WIDTH);
        Pca pca = Pca.fit(rows, COUNT);
        double[][] projected = pca.project(rows);
        int n = projected.length;
        for (int c = 0; c < COUNT; c++) {
            for (int d = 0; d <= c; d++) {
                double along = 0;
                double together = 0;
                for (int j = 0; j < WIDTH; j++) {
                    along += pca.components()[c][j] * pca.components()[d][j];
                }
                for (double[] row : projected) {
                    together += row[c] * row[d] / (n - 1);
                }
                assertEquals(c == d ? 1 : 0, along, 1e-10, "components " + c + " and " + d);
                assertEquals(c == d ? pca.variances()[c] : 0, together, tolerance * pca.variances()[0]);
            }
            assertTrue(c == 0 || pca.variances()[c] <= pca.variances()[c - 1] * (1 + 1e-12));
        }
        double[] one = pca.project(rows.row(n - 1));
        for (int c = 0; c < COUNT; c++) {
            assertEquals(one[c], projected[n - 1][c], 1e-9 * Math.sqrt(pca.variances()[0]));
        }
    }

    @Test
    void fallingSpectrum() {
        check(rows(1001, 60, 0.9, 0.05), 1e-10);
    }

    @Test
    void steepSpectrum() {
        check(rows(700, 30, 0.3, 0.001), 1e-10);
    }

    @Test
    void flatSpectrum() {
        check(rows(1500, 1, 1, 1), 1e-9);
    }

    @Test
    void fewerDirectionsThanComponents() {
        check(rows(400, 5, 1, 0), 1e-10);
    }
}
