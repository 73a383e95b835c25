package hoag.galaxy.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;

/**
 * Where the launcher enters. The JVM prints a warning of incubator modules before any class of ours runs, so the launcher starts it with
 * an empty standard error and hands over the real one under another number, in the property {@code hoag.stderr}; this class puts it back.
 */
public final class Start {
    private Start() {}

    /** Puts standard error back and goes on to {@link Main}. */
    public static void main(String[] args) throws Exception {
        String number = System.getProperty("hoag.stderr");
        if (number != null) {
            System.setErr(open(Integer.parseInt(number)));
        }
        Main.main(args);
    }

    /** The launcher opens {@code java.io} to this class, since no public call makes a stream of an inherited descriptor. */
    private static PrintStream open(int number) throws ReflectiveOperationException {
        var descriptor = FileDescriptor.class.getDeclaredConstructor(int.class);
        descriptor.setAccessible(true);
        return new PrintStream(new FileOutputStream(descriptor.newInstance(number)), true, System.err.charset());
    }
}
