package hoag.cuda;

import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The instructions of one slot: registers, operands' elements, results. What is between them, the formulas, is written by {@link SingleWriter} or
 * {@link DoubleWriter}. Sizes of broadcast operands are numbers in the text, so that the driver's compiler turns divisions into multiplications;
 * operands that fill the space, or hold one number, need none, and such modules serve every shape.
 */
final class FormulaWriter {
    private final Slot slot;
    private final Table table;
    private final String index;
    private final String given;
    private final StringBuilder body = new StringBuilder();
    private final java.util.Map<String, Integer> registers = new java.util.TreeMap<>();
    private final List<String> results = new ArrayList<>();

    /** Where the addresses of operands are: how one is loaded, from where. */
    record Table(String load, String base) {
        /** The first member of the kernel's argument. */
        static Table of(String entry) {
            return new Table("ld.param.u64", entry + "_param_0");
        }
    }

    FormulaWriter(Slot slot, Table table, String index, String given) {
        this.slot = slot;
        this.table = table;
        this.index = index;
        this.given = given;
    }

    Slot slot() {
        return slot;
    }

    /** A new register: kind r (32 bits), d (64 bits), f (float), g (double), p (predicate). */
    String register(char kind) {
        return "%s" + kind + registers.merge(String.valueOf(kind), 1, Integer::sum);
    }

    /** One instruction; gives its first operand. */
    String put(String instruction, String... operands) {
        body.append("\t")
                .append(instruction)
                .append(' ')
                .append(String.join(", ", operands))
                .append(";\n");
        return operands[0];
    }

    /** A call of a function of float64 numbers. */
    void call(String function, String result, String... arguments) {
        var names = new ArrayList<String>();
        body.append("\t{\n\t.param .b64 back;\n");
        for (int i = 0; i < arguments.length; i++) {
            names.add("to" + i);
            body.append("\t.param .b64 to").append(i).append(";\n");
            put("st.param.f64", "[to" + i + "]", arguments[i]);
        }
        put("call.uni", "(back)", function, "(" + String.join(", ", names) + ")");
        put("ld.param.f64", result, "[back]");
        body.append("\t}\n");
    }

    /** The element of an operand of the formulas, as a float register. */
    String operand(int number) {
        if (slot.given()) {
            return number == 0 ? given : load(number - 1);
        }
        return load(number);
    }

    private String load(int number) {
        return put(
                "ld.global.f32",
                register('f'),
                "[" + address(number, slot.inputs().get(number)) + "]");
    }

    private String address(int number, Shape operand) {
        String base = put(table.load, register('d'), "[" + table.base + "+" + 8 * number + "]");
        String place = place(operand);
        if (place == null) {
            return base;
        }
        String bytes = put("mul.wide.u32", register('d'), place, "4");
        return put("add.s64", register('d'), base, bytes);
    }

    /** The register with the number of the operand's element; null if there is but one. */
    private String place(Shape operand) {
        Shape space = slot.space();
        if (operand.size() == space.size()) {
            return index;
        }
        int[] strides = operand.padded(space.rank()).strides();
        for (int axis = 0; axis < strides.length; axis++) {
            strides[axis] = operand.padded(space.rank()).dim(axis) == 1 ? 0 : strides[axis];
        }
        Axes axes = Axes.of(space.toArray(), strides, axis -> true);
        String sum = null;
        int inner = 1;
        for (int axis = axes.sizes().size() - 1; axis >= 0; axis--) {
            int size = axes.sizes().get(axis);
            int stride = axes.strides().get(axis);
            if (stride != 0) {
                sum = add(sum, coordinate(inner, axis == 0 ? 0 : size), stride);
            }
            inner *= size;
        }
        return sum;
    }

    private String coordinate(int inner, int size) {
        String outer = inner == 1 ? index : put("div.u32", register('r'), index, number(inner));
        return size == 0 ? outer : put("rem.u32", register('r'), outer, number(size));
    }

    private String add(String sum, String coordinate, int stride) {
        if (sum == null) {
            return stride == 1 ? coordinate : put("mul.lo.u32", register('r'), coordinate, number(stride));
        }
        return put("mad.lo.u32", register('r'), coordinate, number(stride), sum);
    }

    static String number(int value) {
        return Integer.toString(value);
    }

    /** A float32 constant. */
    static String constant(float value) {
        return String.format(Locale.ROOT, "0f%08X", Float.floatToRawIntBits(value));
    }

    /** A float64 constant. */
    static String constant(double value) {
        return String.format(Locale.ROOT, "0d%016X", Double.doubleToRawLongBits(value));
    }

    /** One formula's value. */
    void result(String register) {
        results.add(register);
    }

    /** All results to the operands behind the inputs, at the index. */
    void store() {
        for (int o = 0; o < results.size(); o++) {
            put("st.global.f32", "[" + address(slot.inputs().size() + o, slot.space()) + "]", results.get(o));
        }
    }

    /** Results to the first of these registers; 0 to the rest. */
    void move(String[] targets, int count) {
        for (int o = 0; o < count; o++) {
            put("mov.f32", targets[o], o < results.size() ? results.get(o) : constant(0f));
        }
    }

    /** The declarations and the instructions. */
    String text() {
        var text = new StringBuilder();
        registers.forEach((kind, count) -> text.append("\t.reg ")
                .append(type(kind))
                .append(" %s")
                .append(kind)
                .append('<')
                .append(count + 1)
                .append(">;\n"));
        return text.append(body).toString();
    }

    private static String type(String kind) {
        return switch (kind) {
            case "r" -> ".b32";
            case "d" -> ".b64";
            case "f" -> ".f32";
            case "g" -> ".f64";
            default -> ".pred";
        };
    }
}
