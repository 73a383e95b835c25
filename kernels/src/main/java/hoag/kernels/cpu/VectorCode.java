package hoag.kernels.cpu;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;

/** The few operations on vectors and ints that emitted kernels consist of; vectors and ints live in numbered local variables. */
final class VectorCode {
    private static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.FloatVector");
    private static final ClassDesc ANY_VECTOR = ClassDesc.of("jdk.incubator.vector.Vector");
    private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
    private static final ClassDesc FLOATS = ConstantDescs.CD_float.arrayType();
    private static final MethodTypeDesc ZERO = MethodTypeDesc.of(VECTOR, SPECIES);
    private static final MethodTypeDesc BROADCAST = MethodTypeDesc.of(VECTOR, SPECIES, ConstantDescs.CD_float);
    private static final MethodTypeDesc FROM_ARRAY = MethodTypeDesc.of(VECTOR, SPECIES, FLOATS, ConstantDescs.CD_int);
    private static final MethodTypeDesc INTO_ARRAY =
            MethodTypeDesc.of(ConstantDescs.CD_void, FLOATS, ConstantDescs.CD_int);
    private static final MethodTypeDesc FMA = MethodTypeDesc.of(VECTOR, ANY_VECTOR, ANY_VECTOR);
    private static final MethodTypeDesc BINARY = MethodTypeDesc.of(VECTOR, ANY_VECTOR);

    final CodeBuilder code;
    private final String species;

    VectorCode(CodeBuilder code, int lanes) {
        this.code = code;
        this.species = "SPECIES_" + lanes * 32;
    }

    /** An object of a hidden class whose one method {@code run} implements {@code type}. */
    static <T> T implement(Class<T> type, int lanes, Consumer<VectorCode> body) {
        try {
            var run = java.util.Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> method.getName().equals("run"))
                    .findFirst()
                    .orElseThrow();
            var descriptor = MethodType.methodType(run.getReturnType(), run.getParameterTypes())
                    .describeConstable()
                    .orElseThrow();
            byte[] bytes = Emitted.bytes(
                    type.getSimpleName() + "Code", type, descriptor, code -> body.accept(new VectorCode(code, lanes)));
            return Emitted.instance(bytes, type);
        } catch (Throwable e) {
            throw new IllegalStateException("cpu: a kernel of kind " + type.getSimpleName() + " could not be made", e);
        }
    }

    void zero(int vector) {
        species().invokestatic(VECTOR, "zero", ZERO).astore(vector);
    }

    /** vector = array[at + plus ...] */
    void load(int vector, int array, int at, int plus) {
        species();
        place(array, at, plus).invokestatic(VECTOR, "fromArray", FROM_ARRAY).astore(vector);
    }

    /** vector = array[at + plus], in every lane */
    void broadcast(int vector, int array, int at, int plus) {
        species();
        place(array, at, plus)
                .faload()
                .invokestatic(VECTOR, "broadcast", BROADCAST)
                .astore(vector);
    }

    void store(int vector, int array, int at, int plus) {
        code.aload(vector);
        place(array, at, plus).invokevirtual(VECTOR, "intoArray", INTO_ARRAY);
    }

    /** array[at + plus ...] += vector */
    void addTo(int vector, int array, int at, int plus) {
        code.aload(vector);
        species();
        place(array, at, plus).invokestatic(VECTOR, "fromArray", FROM_ARRAY).invokevirtual(VECTOR, "add", BINARY);
        place(array, at, plus).invokevirtual(VECTOR, "intoArray", INTO_ARRAY);
    }

    /** sum = a * b + sum */
    void fma(int sum, int a, int b) {
        code.aload(a).aload(b).aload(sum).invokevirtual(VECTOR, "fma", FMA).astore(sum);
    }

    /** to = a * b + c */
    void fma(int to, int a, int b, int c) {
        code.aload(a).aload(b).aload(c).invokevirtual(VECTOR, "fma", FMA).astore(to);
    }

    /** to = a operation b, where the operation is {@code add}, {@code sub} or {@code mul} */
    void binary(String operation, int to, int a, int b) {
        code.aload(a).aload(b).invokevirtual(VECTOR, operation, BINARY).astore(to);
    }

    /** The same number in every lane. */
    void constant(int vector, float value) {
        species()
                .loadConstant(value)
                .invokestatic(VECTOR, "broadcast", BROADCAST)
                .astore(vector);
    }

    void add(int sum, int vector) {
        code.aload(sum).aload(vector).invokevirtual(VECTOR, "add", BINARY).astore(sum);
    }

    /** {@code for (i = i; i < end; i += step)}. */
    void loop(int i, int end, int step, Runnable body) {
        Label head = code.newLabel();
        Label done = code.newLabel();
        code.labelBinding(head).iload(i).iload(end).if_icmpge(done);
        body.run();
        code.iinc(i, step).goto_(head).labelBinding(done);
    }

    /** to = a + array[i + plus] */
    void addElement(int to, int a, int array, int i, int plus) {
        code.iload(a)
                .aload(array)
                .iload(i)
                .loadConstant(plus)
                .iadd()
                .iaload()
                .iadd()
                .istore(to);
    }

    /** to = a + b */
    void addInts(int to, int a, int b) {
        code.iload(a).iload(b).iadd().istore(to);
    }

    private CodeBuilder place(int array, int at, int plus) {
        code.aload(array).iload(at);
        return plus == 0 ? code : code.loadConstant(plus).iadd();
    }

    private CodeBuilder species() {
        return code.getstatic(VECTOR, species, SPECIES);
    }
}
