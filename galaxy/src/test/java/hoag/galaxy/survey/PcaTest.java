package hoag.galaxy.survey;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hoag.engine.files.Npy;
import hoag.galaxy.Golden;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** scikit-learn's components of the representations of a thousand galaxies. */
class PcaTest {
    private static final Rows ROWS =
            Rows.of(Npy.read(Golden.path("representations/representations.npy")).floats(), 64);

    @Test
    void components() {
        Map<?, ?> wanted = Golden.map("representations/pca40.json");
        Pca pca = Pca.fit(ROWS, 40);
        Golden.close(Golden.vector(wanted, "mean"), pca.mean(), 1e-9, 1e-9, "mean");
        Golden.close(Golden.vector(wanted, "explained_variance"), pca.variances(), 1e-9, 0, "variance");
        Golden.close(Golden.vector(wanted, "explained_variance_ratio"), pca.explained(), 1e-9, 0, "share");
        double[][] components = Golden.matrix(wanted, "components");
        double[][] projected = Golden.matrix(wanted, "projection_first_5");
        for (int i = 0; i < 40; i++) {
            Golden.close(components[i], pca.components()[i], 0, 1e-7, "component " + i);
        }
        for (int i = 0; i < 5; i++) {
            Golden.close(projected[i], pca.project(ROWS.row(i)), 0, 1e-7, "row " + i);
        }
    }

    @Test
    void whitened() {
        double[] wanted =
                Npy.read(Golden.path("representations/whitened10.npy")).doubles();
        double[][] white = Pca.fit(ROWS, 10).whiten(ROWS);
        for (int i = 0; i < ROWS.size(); i++) {
            Golden.close(Arrays.copyOfRange(wanted, 10 * i, 10 * i + 10), white[i], 1e-7, 1e-7, "row " + i);
        }
    }

    @Test
    void standardised() {
        Standard standard = Standard.of(Rows.of(new float[] {1, 5, 3, 5, 8, 5}, 2));
        assertArrayEquals(new double[] {4, 5}, standard.mean(), 1e-12);
        assertArrayEquals(new double[] {Math.sqrt(26 / 3.0), 1}, standard.deviation(), 1e-12);
        assertArrayEquals(new double[] {0, 2}, standard.apply(4, 7), 1e-12);
    }

    @Test
    void whatCannotBeIsTold() {
        Rows three = Rows.of(new float[] {1, 5, 3, 5, 8, 5}, 2);
        assertThrows(ConfigException.class, () -> Pca.fit(three, 3));
        assertThrows(ConfigException.class, () -> Pca.fit(three, 0));
        assertThrows(DataException.class, () -> Pca.fit(Rows.of(new float[] {1, Float.NaN, 3, 5, 8, 5}, 2), 1));
        assertArrayEquals(new double[] {0, 0}, Pca.fit(three, 2).whiten(4, 5), 1e-12);
    }
}
