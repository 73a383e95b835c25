package hoag.tests;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs one test class in this JVM and ends with {@link #FAILED} at its first failure, and with 1 if the class could not be run at all. */
public final class OneTest {
    static final int FAILED = 42;

    private static final int NOT_RUN = 1;
    static final String MARK = "failed: ";

    private OneTest() {}

    public static void main(String[] args) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(args[0]))
                .build();
        int[] passed = {0};
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL
                        && test.getParentId().isEmpty()) {
                    System.out.println(args[0] + " could not be run: "
                            + result.getThrowable().map(Throwable::toString).orElse("not said why"));
                    System.out.flush();
                    Runtime.getRuntime().halt(NOT_RUN);
                }
                if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                    String simple = args[0].substring(args[0].lastIndexOf('.') + 1);
                    System.out.println(MARK + "`" + simple + "`: " + test.getDisplayName());
                    System.out.flush();
                    Runtime.getRuntime().halt(FAILED);
                }
                passed[0] += test.isTest() ? 1 : 0;
            }
        });
        System.out.println(passed[0] + " passed");
        Runtime.getRuntime().halt(passed[0] > 0 ? 0 : NOT_RUN);
    }
}
