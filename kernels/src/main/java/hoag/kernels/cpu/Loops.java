package hoag.kernels.cpu;

import hoag.kernels.Binary;
import hoag.kernels.Expr;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.Unary;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessFlag;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Formulas to bytecode: one hidden class for each set of formulas and operand kinds. What does not change along the run is computed before the
 * loop, equal sub-formulas once, a * b + c in one instruction. The last part of a run reads a whole vector (buffers allow that) and stores
 * under a mask.
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

    private static final Set<Unary> SCALAR_FUNCTIONS =
            EnumSet.of(Unary.SIGN, Unary.FLOOR, Unary.CEIL, Unary.ROUND_EVEN, Unary.ASINH, Unary.ERF, Unary.ERFC, Unary.LGAMMA, Unary.DIGAMMA, Unary.TRIGAMMA, Unary.NORMAL_CDF);
    private static final Set<Binary> SCALAR_OPERATIONS = EnumSet.of(Binary.RISING, Binary.DIGAMMA_RISING, Binary.ATAN2);

    /** @param fold null: a result for each element; else sixteen partial folds of each formula */
    record Key(List<Expr> formulas, List<Kind> kinds, Fold fold, int lanes) {}

    private static final Map<Key, Loop> MADE = new ConcurrentHashMap<>();

    private Loops() {}

    /** A result for each element. Results may lie on inputs exactly. */
    static Loop map(List<Expr> formulas, List<Kind> kinds) {
        return made(new Key(formulas, kinds, null, Lanes.count()));
    }

    /** Sixteen partial folds of each formula, overwriting 16 floats at the result's offset: lane j folds elements j, j + 16, ... */
    static Loop fold(List<Expr> formulas, List<Kind> kinds, Fold fold) {
        return made(new Key(formulas, kinds, fold, Lanes.count()));
    }

    static Loop made(Key key) {
        return MADE.computeIfAbsent(key, Loops::make);
    }

    /** True if every function in the formulas has a vector form; else the loop goes element by element in float64. */
    static boolean vectorised(List<Expr> formulas) {
        return formulas.stream().flatMap(formula -> formula.inOrder().stream()).noneMatch(part -> switch (part) {
            case Expr.Apply1(Unary op, Expr ignored) -> SCALAR_FUNCTIONS.contains(op);
            case Expr.Apply2(Binary op, Expr ignored, Expr alsoIgnored) -> SCALAR_OPERATIONS.contains(op);
            default -> false;
        });
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
        try {
            var lookup = MethodHandles.lookup();
            ClassDesc name = ClassDesc.of(lookup.lookupClass().getPackageName(), "Formula" + MADE.size());
            byte[] bytes = ClassFile.of().build(name, type -> type
                    .withFlags(AccessFlag.FINAL)
                    .withInterfaceSymbols(ClassDesc.of(Loop.class.getName()))
                    .withMethodBody(ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, 0, code -> code
                            .aload(0)
                            .invokespecial(ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                            .return_())
                    .withMethodBody("run", LoopWriter.RUN, ClassFile.ACC_PUBLIC, code -> {
                        if (vectorised(key.formulas)) {
                            new VectorLoopWriter(key, code).write();
                        } else {
                            new ScalarLoopWriter(key, code).write();
                        }
                    }));
            var hidden = lookup.defineHiddenClass(bytes, true);
            return (Loop) hidden.findConstructor(hidden.lookupClass(), MethodType.methodType(void.class)).invoke();
        } catch (Throwable e) {
            throw new IllegalStateException("cpu: no loop for " + key.formulas + " over " + key.kinds, e);
        }
    }
}
