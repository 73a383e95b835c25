package hoag.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.Backend;
import hoag.kernels.Backends;
import hoag.kernels.DeviceException;
import org.junit.jupiter.api.Test;

class CudaBackendTest {
    @Test
    void isListedAndSaysWhyItCannotRun() {
        assertTrue(Backends.all().stream().map(Backend::name).anyMatch("cuda"::equals));
        var error = assertThrows(DeviceException.class, () -> Backends.open("cuda"));
        assertEquals(new CudaBackend().whyNot().orElseThrow(), error.getMessage());
        assertTrue(error.getMessage().endsWith("run with --device cpu"), error.getMessage());
    }
}
