package hoag.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.Backend;
import hoag.kernels.DataException;
import hoag.kernels.DeviceException;
import hoag.kernels.Kernel;
import hoag.kernels.KernelRunner;
import hoag.kernels.Machine;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CpuBackendTest {
    private static final Kernel.Gather GATHER = new Kernel.Gather(2, 1, 100_000, false);

    /** 1, 0, 1, 0, ... but at one place another index. */
    private static float[] indices(int place, float index) {
        float[] indices = new float[GATHER.count()];
        IntStream.range(0, indices.length).forEach(i -> indices[i] = (i + 1) % 2);
        indices[place] = index;
        return indices;
    }

    @Test
    void mistakeInOneTaskReachesTheCallerAndHarmsNothing() {
        try (Backend cpu = new CpuBackend(3)) {
            var error = assertThrows(
                    DataException.class, () -> KernelRunner.run(cpu, GATHER, new float[] {5, 6}, indices(77_777, 2)));
            assertEquals("gather: index 2.0 at place 77777 is outside 0..1, the rows of the table", error.getMessage());
            float[] rows = KernelRunner.run(cpu, GATHER, new float[] {5, 6}, indices(0, 0))[0];
            assertArrayEquals(new float[] {5, 5, 6, 5}, java.util.Arrays.copyOf(rows, 4));
        }
    }

    @Test
    void closedDeviceSaysSo() {
        var cpu = new CpuBackend(2);
        cpu.close();
        assertThrows(DeviceException.class, () -> KernelRunner.run(cpu, GATHER, new float[] {5, 6}, indices(0, 0)));
    }

    @Test
    void twoProgramsAtOnceBothComplete() throws InterruptedException {
        try (Backend cpu = new CpuBackend(2)) {
            float[][] results = new float[2][];
            var team = IntStream.range(0, 2)
                    .mapToObj(i -> Thread.ofPlatform()
                            .start(() ->
                                    results[i] = KernelRunner.run(cpu, GATHER, new float[] {i, i}, indices(0, 0))[0]))
                    .toList();
            for (Thread thread : team) {
                thread.join();
            }
            IntStream.range(0, 2).forEach(i -> assertTrue(results[i][9] == i && results[i][GATHER.count() - 1] == i));
        }
    }

    @Test
    void peakIsMeasuredOnce() {
        try (Backend cpu = new CpuBackend(1)) {
            Machine peak = cpu.peak();
            assertTrue(peak.gflops() > 1 && peak.gigabytes() > 0.1, peak::toString);
            assertEquals(peak, cpu.peak());
        }
    }
}
