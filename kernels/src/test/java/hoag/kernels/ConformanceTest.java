package hoag.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import hoag.kernels.reference.ReferenceBackend;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every backend that can run here against the reference, on every case, in the layouts it may be offered, with 1, 2 and 7 threads. */
class ConformanceTest {
    private final Backend reference = new ReferenceBackend();

    @TestFactory
    Stream<DynamicContainer> everyBackendAgreesWithTheReference() {
        List<Backend> here = Backends.all().stream()
                .filter(b -> b.whyNot().isEmpty() && !b.name().equals("reference"))
                .toList();
        return here.stream()
                .map(backend -> DynamicContainer.dynamicContainer(
                        backend.name(),
                        cases().map(each -> DynamicTest.dynamicTest(each.name(), () -> named(backend, each)))));
    }

    /** All, or those whose names contain system property {@code hoag.cases}, or one of {@code hoag.every}, drawn by their names. */
    private static Stream<Case> cases() {
        String part = System.getProperty("hoag.cases", "");
        int every = Integer.getInteger("hoag.every", 1);
        return Cases.all(1).stream()
                .filter(each ->
                        each.name().contains(part) && Math.floorMod(each.name().hashCode(), every) == 0);
    }

    private void named(Backend backend, Case each) {
        try {
            compare(backend, each);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(backend.name() + ", " + each.name() + ": " + e.getMessage(), e);
        }
    }

    private void compare(Backend backend, Case each) {
        float[][] inputs = each.inputs();
        float[][] truth = KernelRunner.run(reference, each.kernel(), inputs);
        try (Backend one = backend.withThreads(1);
                Backend two = backend.withThreads(2);
                Backend seven = backend.withThreads(7)) {
            for (Backend.Wish wish : wishes(backend, each.kernel())) {
                float[][] results = run(one, each.kernel(), wish, inputs);
                for (int o = 0; o < truth.length; o++) {
                    near(truth[o], results[o], each.tolerance(), wish);
                }
                same(results, run(two, each.kernel(), wish, inputs), "2 threads", wish);
                same(results, run(seven, each.kernel(), wish, inputs), "7 threads", wish);
            }
        }
    }

    /** What the backend makes of row-major inputs, and of blocked ones. */
    private static Set<Backend.Wish> wishes(Backend backend, Kernel kernel) {
        return Stream.of(Layout.PLAIN, Layout.BLOCKED)
                .map(layout -> KernelRunner.wish(backend, kernel, layout))
                .collect(Collectors.toSet());
    }

    private static float[][] run(Backend backend, Kernel kernel, Backend.Wish wish, float[][] inputs) {
        try (var runner = new KernelRunner(backend, kernel, wish)) {
            runner.poison();
            runner.write(inputs);
            runner.run();
            runner.run();
            return runner.read();
        }
    }

    private static void near(float[] truth, float[] result, double tolerance, Backend.Wish wish) {
        assertEquals(truth.length, result.length);
        double largest = 0;
        for (float value : truth) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < truth.length; i++) {
            if (!(Math.abs((double) truth[i] - result[i]) <= tolerance * largest)) {
                fail("element " + i + " of " + truth.length + " is " + result[i] + ", the truth " + truth[i]
                        + ", the largest " + largest + "; " + wish);
            }
        }
    }

    private static void same(float[][] one, float[][] many, String threads, Backend.Wish wish) {
        for (int o = 0; o < one.length; o++) {
            assertArrayEquals(one[o], many[o], threads + " do not give the bits of one; " + wish);
        }
    }
}
