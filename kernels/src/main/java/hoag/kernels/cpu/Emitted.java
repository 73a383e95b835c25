package hoag.kernels.cpu;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Classes that are made at run time. With {@code -Dhoag.classes=FOLDER} each is also written there, to be looked at with {@code javap -c}. */
final class Emitted {
    private static final String FOLDER = System.getProperty("hoag.classes");
    private static final AtomicInteger NEXT = new AtomicInteger();

    private Emitted() {}

    /** An instance of a hidden class of this package. */
    static <T> T instance(byte[] bytes, Class<T> type) throws Throwable {
        if (FOLDER != null) {
            write(bytes, type);
        }
        var hidden = MethodHandles.lookup().defineHiddenClass(bytes, true);
        return type.cast(hidden.findConstructor(hidden.lookupClass(), MethodType.methodType(void.class))
                .invoke());
    }

    private static void write(byte[] bytes, Class<?> type) throws IOException {
        Path folder = Files.createDirectories(Path.of(FOLDER));
        Files.write(folder.resolve("%s-%03d.class".formatted(type.getSimpleName(), NEXT.incrementAndGet())), bytes);
    }
}
