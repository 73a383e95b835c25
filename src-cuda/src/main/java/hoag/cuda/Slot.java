package hoag.cuda;

import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import hoag.kernels.cpu.Lowering;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What is put where a kernel has a slot, {@code hoag.store}, {@code hoag.each}, {@code hoag.map} or {@code hoag.epilogue} (see {@code hoag.cuh}): the formulas of
 * elements of a space, in the steps that the CPU takes too, so that both give the same bits; in float64 with calls where the CPU does so.
 *
 * @param inputs operands of the kernel's table, each broadcast to the space
 * @param given whether operand 0 of the formulas is a register's value, and the table's operands are 1, 2, ...
 */
record Slot(Shape space, List<Shape> inputs, List<Expr> formulas, boolean given) {
    private static final Pattern INSTRUCTION = Pattern.compile("hoag\\.(store|each|map|epilogue)\\s+([^;]*);");

    Slot {
        inputs = List.copyOf(inputs);
        formulas = List.copyOf(formulas);
    }

    /** All formulas of a launch, stored. */
    static Slot store(Kernel.Pointwise kernel) {
        return new Slot(kernel.space(), kernel.inputs(), kernel.formulas(), false);
    }

    /** Some maps of a reduction. */
    static Slot map(Kernel.Reduce kernel, List<Expr> maps) {
        return new Slot(kernel.space(), kernel.inputs(), maps, false);
    }

    /** What follows a convolution or product; null leaves the result as it is. */
    static Slot epilogue(Shape space, Kernel.Epilogue epilogue) {
        return epilogue == null
                ? new Slot(space, List.of(), List.of(Expr.in(0)), true)
                : new Slot(space, epilogue.extras(), List.of(epilogue.formula()), true);
    }

    private Optional<Lowering.Program> single() {
        return Lowering.of(formulas);
    }

    /** Whether the formulas call functions of {@code functions.cu}. */
    boolean calls() {
        return single().isEmpty();
    }

    /** How the formulas are computed, for {@code explain()}. */
    String algorithm() {
        int steps = formulas.stream().mapToInt(f -> f.inOrder().size()).sum();
        return (calls() ? "float64 formula of " : "formula of ") + steps;
    }

    /** The text of an entry with all its slots filled. */
    String fill(String text, String entry) {
        return INSTRUCTION
                .matcher(text)
                .replaceAll(found -> java.util.regex.Matcher.quoteReplacement(one(found, entry)));
    }

    private String one(MatchResult found, String entry) {
        String[] registers = found.group(2).split(",\\s*");
        boolean each = found.group(1).equals("each");
        var table = each ? new FormulaWriter.Table("ld.global.u64", registers[0]) : FormulaWriter.Table.of(entry);
        var writer = new FormulaWriter(this, table, registers[registers.length - 1], given ? registers[1] : null);
        single().ifPresentOrElse(
                        program -> new SingleWriter(writer).write(program), () -> new DoubleWriter(writer).write());
        switch (found.group(1)) {
            case "store", "each" -> writer.store();
            case "map" -> writer.move(registers, registers.length - 1);
            default -> writer.move(registers, 1);
        }
        return "{ // slot " + found.group(1) + " " + String.join(" ", registers) + "\n" + writer.text() + "} // end";
    }
}
