package hoag.kernels.cpu;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Classes that are made at run time. With {@code -Dhoag.classes=FOLDER} each is also written there, to be looked at with {@code javap -c}. */
final class Emitted {
    private static final String FOLDER = System.getProperty("hoag.classes");
    private static final AtomicInteger NEXT = new AtomicInteger();

    private Emitted() {}

    /**
     * A class of this package with one method {@code run} and a constructor without arguments.
     *
     * @param type the interface that it implements
     */
    static byte[] bytes(String name, Class<?> type, MethodTypeDesc run, Consumer<CodeBuilder> body) {
        return ClassFile.of()
                .build(
                        ClassDesc.of(Emitted.class.getPackageName(), name),
                        made -> made.withFlags(AccessFlag.FINAL)
                                .withInterfaceSymbols(ClassDesc.of(type.getName()))
                                .withMethodBody(
                                        ConstantDescs.INIT_NAME,
                                        ConstantDescs.MTD_void,
                                        0,
                                        code -> code.aload(0)
                                                .invokespecial(
                                                        ConstantDescs.CD_Object,
                                                        ConstantDescs.INIT_NAME,
                                                        ConstantDescs.MTD_void)
                                                .return_())
                                .withMethodBody("run", run, ClassFile.ACC_PUBLIC, body));
    }

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
