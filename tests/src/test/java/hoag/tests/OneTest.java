package hoag.tests;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs test classes in this JVM and ends with {@link #FAILED} at its first failure, and with 1 if a class could not be run at all. */
public final class OneTest {
    static final int FAILED = 42;

    private static final int NOT_RUN = 1;
    static final String MARK = "failed: ";

    private OneTest() {}

    public static void main(String[] args) {
        int passed = Stream.of(args).mapToInt(OneTest::passed).sum();
        System.out.println(passed + " passed");
        Runtime.getRuntime().halt(passed > 0 ? 0 : NOT_RUN);
    }

    private static int passed(String name) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(name))
                .build();
        int[] passed = {0};
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                    String why = result.getThrowable().map(Throwable::toString).orElse("");
                    end(name, test, why);
                }
                passed[0] += test.isTest() ? 1 : 0;
            }
        });
        return passed[0];
    }

    /** The engine itself fails where the class cannot be found or loaded. */
    private static void end(String name, TestIdentifier test, String why) {
        boolean run = test.getParentId().isPresent();
        System.out.println(why);
        System.out.println(
                run
                        ? MARK + "`" + name.substring(name.lastIndexOf('.') + 1) + "`: " + test.getDisplayName()
                        : name + " could not be run");
        System.out.flush();
        Runtime.getRuntime().halt(run ? FAILED : NOT_RUN);
    }
}
