package hoag.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BackendsTest {
    @Test
    void namesWhatThereIs() {
        assertTrue(Backends.all().stream().map(Backend::name).toList().containsAll(List.of("cpu", "reference")));
        var error = assertThrows(ConfigException.class, () -> Backends.open("tpu"));
        assertEquals("--device tpu: no such device; there are cpu, reference", error.getMessage());
    }

    @Test
    void opensWithThreads() {
        try (Backend cpu = Backends.open("cpu", 3)) {
            assertEquals(3, cpu.workers());
        }
        assertThrows(ConfigException.class, () -> Backends.open("cpu", 0));
    }

    @Test
    void cpuAndReferenceTakeEveryCase() {
        SupportMatrix matrix = Backends.supportMatrix();
        assertTrue(matrix.complete("cpu") && matrix.complete("reference"), matrix::toString);
        assertTrue(matrix.toString().startsWith("| kernel | cpu | reference |"), matrix::toString);
    }
}
