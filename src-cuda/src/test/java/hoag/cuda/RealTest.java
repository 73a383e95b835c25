package hoag.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import hoag.kernels.Backend;
import hoag.kernels.Kernel;
import hoag.kernels.KernelRunner;
import hoag.kernels.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With {@code hoag.cuda.real} the tests run on the driver that the system has, none of them skipped for want of a stand-in: the way of {@code bench/gpu}. */
class RealTest {
    /** What a test does, on whatever driver there is. */
    public static final class Ask {
        private Ask() {}

        /** Prints what it computed. */
        public static void main(String[] arguments) {
            StandIn.reset();
            StandIn.seed(1);
            try (Backend cuda = new CudaBackend()) {
                var sum = new Kernel.Reduce(
                        Shape.of(3), List.of(Shape.of(3)), List.of(hoag.kernels.Expr.in(0)), Kernel.Fold.SUM, 0);
                System.out.print(KernelRunner.run(cuda, sum, new float[] {1, 2, 4})[0][0]);
            }
            System.out.print(", " + StandIn.held() + StandIn.damaged() + StandIn.modules());
        }
    }

    @Test
    void testsRunOnTheSystemsDriver() throws Exception {
        assumeFalse(StandIn.real(), "skipped: this is it");
        StandIn.reset();
        var builder = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Dhoag.cuda.real=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Ask.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("LD_LIBRARY_PATH", StandIn.folder().toString());
        Process java = builder.start();
        String said = new String(java.getInputStream().readAllBytes());
        assertEquals(0, java.waitFor(), said);
        assertEquals("7.0, 00[]", said);
    }
}
