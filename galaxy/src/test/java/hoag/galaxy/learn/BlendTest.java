package hoag.galaxy.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Preprocess;
import hoag.kernels.ConfigException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Pictures of one value each, so that what came from which can be told. */
class BlendTest {
    private static final int SIDE = 20;
    private static final int LENGTH = 3 * SIDE * SIDE;
    private static final Preprocess PREPROCESS = Preprocess.of(SIDE, Channels.RGB);

    private static float[] pictures(int batch) {
        float[] all = new float[batch * LENGTH];
        for (int i = 0; i < batch; i++) {
            Arrays.fill(all, i * LENGTH, (i + 1) * LENGTH, i + 1);
        }
        return all;
    }

    @Test
    void mixupBlendsPartners() {
        var blend = new Blend(Batches.PLAIN.mixup(0.4), PREPROCESS, 1);
        double sum = 0;
        Set<Double> shares = new HashSet<>();
        for (int step = 0; step < 400; step++) {
            float[] all = pictures(4);
            double share = blend.apply(all, 4, step);
            assertEquals(share * 1 + (1 - share) * 4, all[0], 1e-5);
            assertEquals(share * 3 + (1 - share) * 2, all[2 * LENGTH + 7], 1e-5);
            sum += share;
            shares.add(share);
        }
        assertEquals(0.5, sum / 400, 0.05); // Beta(a, a) has its mean in the middle
        assertTrue(shares.size() > 390);
        assertTrue(shares.stream().filter(s -> s < 0.1 || s > 0.9).count() > 120, "a small alpha mixes little");
    }

    @Test
    void cutmixCountsByArea() {
        var blend = new Blend(Batches.PLAIN.cutmix(1), PREPROCESS, 1);
        for (int step = 0; step < 50; step++) {
            float[] all = pictures(3);
            double share = blend.apply(all, 3, step);
            long own = 0;
            for (int k = 0; k < LENGTH; k++) {
                assertTrue(all[k] == 1 || all[k] == 3);
                own += all[k] == 1 ? 1 : 0;
            }
            assertEquals((double) own / LENGTH, share, 1e-9);
            assertEquals(2, all[LENGTH + LENGTH / 2], "the middle one has no partner");
        }
    }

    @Test
    void bothTakeTurns() {
        var blend = new Blend(Batches.PLAIN.mixup(1).cutmix(1), PREPROCESS, 1);
        int whole = 0;
        for (int step = 0; step < 200; step++) {
            float[] all = pictures(2);
            blend.apply(all, 2, step);
            whole += all[0] == 1 || all[0] == 2 ? 1 : 0; // cut, not blended
        }
        assertEquals(100, whole, 30);
    }

    @Test
    void someAreBlottedOut() {
        var grey = PREPROCESS.normalise(List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25));
        var blend = new Blend(Batches.PLAIN.erase(0.25), grey, 1);
        int erased = 0;
        for (int step = 0; step < 100; step++) {
            float[] all = pictures(4);
            assertEquals(1, blend.apply(all, 4, step));
            for (int i = 0; i < 4; i++) {
                long gone = 0;
                for (int k = 0; k < LENGTH; k++) {
                    gone += all[i * LENGTH + k] == -2 ? 1 : 0; // black, as the model sees it
                }
                assertTrue(gone == 0 || gone > LENGTH * 0.01 && gone < LENGTH * 0.4, "pixels " + gone);
                erased += gone > 0 ? 1 : 0;
            }
        }
        assertEquals(100, erased, 30);
    }

    @Test
    void aFunctionOfSeedAndStep() {
        var blend = new Blend(Batches.PLAIN.mixup(1).cutmix(1).erase(0.5), PREPROCESS, 3);
        float[] first = pictures(4);
        double share = blend.apply(first, 4, 7);
        float[] again = pictures(4);
        assertEquals(share, new Blend(Batches.PLAIN.mixup(1).cutmix(1).erase(0.5), PREPROCESS, 3).apply(again, 4, 7));
        assertArrayEquals(first, again);
        assertNotEquals(share, blend.apply(pictures(4), 4, 8));
    }

    @Test
    void everyClassComesEquallyOften() {
        int[] classes = new int[100];
        Arrays.fill(classes, 0, 80, 0);
        Arrays.fill(classes, 80, 95, 1);
        Arrays.fill(classes, 95, 99, 3);
        classes[99] = -1;
        int[] rows = Shuffle.balanced(classes, 5, 2, 0, 100);
        int[] counts = new int[4];
        Set<Integer> seen = new HashSet<>();
        for (int row : rows) {
            counts[classes[row]]++; // the unknown one would be out of bounds
            seen.add(row);
        }
        assertArrayEquals(new int[] {34, 33, 0, 33}, counts);
        assertEquals(34 + 15 + 4, seen.size(), "all the rare, none of the common twice");
        assertArrayEquals(Arrays.copyOfRange(rows, 40, 60), Shuffle.balanced(classes, 5, 2, 40, 60));
        assertNotEquals(Arrays.toString(rows), Arrays.toString(Shuffle.balanced(classes, 5, 3, 0, 100)));
    }

    @Test
    void valuesOutOfRange() {
        assertThrows(ConfigException.class, () -> Batches.PLAIN.mixup(-1));
        assertThrows(ConfigException.class, () -> Batches.PLAIN.erase(1.5));
        assertThrows(ConfigException.class, () -> Batches.PLAIN.accumulate(0));
    }
}
