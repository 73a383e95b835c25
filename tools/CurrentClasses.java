import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * {@code java tools/CurrentClasses.java FOLDER}: writes the jars of a folder anew that hold classes compiled for Java 5 or older, in today's form. The JVM keeps
 * no such class in its cache of a start, and each start reads and checks them again (picocli: a tenth of a prediction). What they do stays as it is.
 */
final class CurrentClasses {
    /** Class files of Java 6, the first that say how to check them. */
    private static final int CHECKED = 50;

    private static final int MAJOR = 7;

    private CurrentClasses() {}

    public static void main(String[] args) throws IOException {
        try (var files = Files.list(Path.of(args[0]))) {
            for (Path jar :
                    files.filter(file -> file.toString().endsWith(".jar")).toList()) {
                if (isOld(jar)) {
                    renew(jar);
                }
            }
        }
    }

    private static boolean isOld(Path jar) throws IOException {
        try (var in = new JarFile(jar.toFile())) {
            for (JarEntry entry : in.stream().filter(CurrentClasses::isClass).toList()) {
                if (isOld(in.getInputStream(entry).readNBytes(MAJOR + 1))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isClass(JarEntry entry) {
        return entry.getName().endsWith(".class");
    }

    private static boolean isOld(byte[] bytes) {
        return bytes.length > MAJOR && (bytes[MAJOR - 1] & 255) == 0 && (bytes[MAJOR] & 255) < CHECKED;
    }

    private static void renew(Path jar) throws IOException {
        Path copy = jar.resolveSibling(jar.getFileName() + ".new");
        try (var in = new JarFile(jar.toFile());
                var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()});
                OutputStream file = Files.newOutputStream(copy);
                var out = new JarOutputStream(file)) {
            var classes = ClassFile.of(
                    ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                    ClassFile.ConstantPoolSharingOption.NEW_POOL,
                    ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(loader)
                            .orElse(ClassHierarchyResolver.defaultResolver())));
            List<JarEntry> entries = new ArrayList<>(in.stream().toList());
            for (JarEntry entry : entries) {
                byte[] bytes = in.getInputStream(entry).readAllBytes();
                var same = new JarEntry(entry.getName());
                same.setTime(entry.getTime());
                out.putNextEntry(same);
                out.write(isClass(entry) && isOld(bytes) ? renewed(classes, classes.parse(bytes)) : bytes);
                out.closeEntry();
            }
        }
        Files.move(copy, jar, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static byte[] renewed(ClassFile classes, ClassModel old) {
        return classes.transformClass(
                old,
                ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
                        .andThen(ClassTransform.endHandler(made -> made.withVersion(ClassFile.JAVA_17_VERSION, 0))));
    }
}
