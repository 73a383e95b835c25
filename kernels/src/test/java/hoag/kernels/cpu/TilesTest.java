package hoag.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TilesTest {
    /** The first results of a program come from the plain twin, later ones from the emitted kernel: nobody may see when it changes. */
    @Test
    void emittedTilesGiveTheSameBitsAsTheirPlainTwins() {
        var random = new Random(3);
        for (int[] each :
                new int[][] {{12, 2, 16}, {9, 3, 16}, {6, 4, 16}, {14, 1, 2}, {7, 3, 32}, {1, 1, 1}, {4, 2, 14}}) {
            for (boolean accumulate : new boolean[] {false, true}) {
                var key = new Tiles.Key(each[0], each[1], each[2], accumulate);
                int terms = 37;
                int[] of = random.ints(terms, 0, 500).toArray();
                float[] x = randoms(random, 1500);
                float[] w = randoms(random, 10 + terms * key.blocks() * 16);
                float[] emitted = randoms(random, 3000);
                float[] plain = emitted.clone();
                new ScalarTile(key).run(x, 3, of, w, 10, plain, 5, 32, 700, 2, terms);
                for (int lanes : new int[] {4, 8, 16}) {
                    float[] got = emitted.clone();
                    Tiles.emit(key, lanes).run(x, 3, of, w, 10, got, 5, 32, 700, 2, terms);
                    assertArrayEquals(plain, got, key + " with " + lanes + " lanes");
                }
            }
        }
    }

    private static float[] randoms(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }

    @Test
    void tilesAreNeverLongerThanTheStretch() {
        for (int length = 1; length < 200; length++) {
            for (int blocks = 1; blocks <= 3; blocks++) {
                assertTrue(Tiles.best(length, blocks, 16).pixels() <= length);
            }
        }
    }
}
