package hoag.kernels.cpu;

import hoag.kernels.Expr;
import hoag.kernels.Kernel.Fold;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Formulas to bytecode: hidden classes for each set of formulas and operand kinds. Formulas become {@link Steps} of float32 operations, and
 * these vectors and their plain twin, which give the same bits; functions that float32 steps cannot do (the gamma family, sine) make the
 * loop go element by element in float64.
 */
final class Loops {
    /** How an operand follows the run. */
    enum Kind {
        /** Element i at offset + i. */
        STREAM,
        /** Sixteen values at the offset, again and again: a block of channels. */
        LANES,
        /** One value. */
        SCALAR
    }

    /**
     * @param fold null: a result for each element; else sixteen partial folds of each formula
     * @param rough a sum need not keep what rounding takes
     */
    record Key(List<Expr> formulas, List<Kind> kinds, Fold fold, boolean rough, int lanes) {
        Key(List<Expr> formulas, List<Kind> kinds, Fold fold, int lanes) {
            this(formulas, kinds, fold, false, lanes);
        }

        boolean keepsLost() {
            return fold == Fold.SUM && !rough;
        }
    }

    /** HotSpot never compiles a method of more bytes (HugeMethodLimit); its plain twin has a fraction of them and serves on. */
    private static final int HUGE_METHOD = 8000;

    private static final Map<Key, Loop> MADE = new ConcurrentHashMap<>();

    private Loops() {}

    /** A result for each element. Results may lie on inputs exactly. */
    static Loop map(List<Expr> formulas, List<Kind> kinds) {
        return made(new Key(formulas, kinds, null, Lanes.count()));
    }

    /** {@link Partials} of each formula, overwriting 32 floats at the result's offset: lane j folds elements j, j + 16, ... */
    static Loop fold(List<Expr> formulas, List<Kind> kinds, Fold fold) {
        return made(new Key(formulas, kinds, fold, Lanes.count()));
    }

    /** Sums whose rounding does not matter, at half the cost: distances from a mean. */
    static Loop roughSum(List<Expr> formulas, List<Kind> kinds) {
        return made(new Key(formulas, kinds, Fold.SUM, true, Lanes.count()));
    }

    static Loop made(Key key) {
        return MADE.computeIfAbsent(key, Loops::make);
    }

    /** True if the formulas are computed in float32 vectors; else the loop goes element by element in float64. */
    static boolean vectorised(List<Expr> formulas) {
        return Lowering.of(formulas).isPresent();
    }

    static double identity(Fold fold) {
        return switch (fold) {
            case SUM -> 0;
            case PROD -> 1;
            case MAX, ARGMAX -> Double.NEGATIVE_INFINITY;
            case MIN, ARGMIN -> Double.POSITIVE_INFINITY;
        };
    }

    private static Loop make(Key key) {
        return Lowering.of(key.formulas)
                .<Loop>map(program -> new WarmingLoop(key, program))
                .orElseGet(() -> emit(key, code -> new ScalarLoopWriter(key, code).write()));
    }

    /** True if C2 takes a loop of this many bytes. */
    static boolean compiles(Key key, Lowering.Program program) {
        int bytes =
                ClassFile.of().parse(bytes(code -> new VectorLoopWriter(key, program, code).write())).methods().stream()
                        .flatMap(method -> method.findAttribute(Attributes.code()).stream())
                        .mapToInt(CodeAttribute::codeLength)
                        .max()
                        .orElseThrow();
        return bytes < HUGE_METHOD;
    }

    /** The steps in vectors of {@code key.lanes}. */
    static Loop vectors(Key key, Lowering.Program program) {
        return emit(key, code -> new VectorLoopWriter(key, program, code).write());
    }

    /** The steps element by element. */
    static Loop plain(Key key, Lowering.Program program) {
        return emit(key, code -> new FloatLoopWriter(key, program, code).write());
    }

    private static Loop emit(Key key, Consumer<CodeBuilder> body) {
        try {
            return Emitted.instance(bytes(body), Loop.class);
        } catch (Throwable e) {
            throw new IllegalStateException("cpu: no loop for " + key.formulas + " over " + key.kinds, e);
        }
    }

    private static byte[] bytes(Consumer<CodeBuilder> body) {
        return Emitted.bytes("Formula", Loop.class, LoopFrame.RUN, body);
    }
}
