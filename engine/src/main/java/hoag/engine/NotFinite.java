package hoag.engine;

import hoag.kernels.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The first node of a program that made a NaN or an infinity, see {@link Program#check}.
 *
 * @param operation what it computes, such as {@code log(a / b)} or {@code conv2d}; for a leaf {@code input} or {@code variable}
 * @param shape of the node
 * @param place the part of the model that it belongs to, or an input's or variable's name; empty if nobody knows
 * @param index of the first bad element
 * @param value that element: a NaN or an infinity
 * @param count of bad elements in the node
 * @param operands what went in, in the order of the letters in {@code operation}
 */
public record NotFinite(
        String operation, Shape shape, String place, int[] index, float value, int count, List<Operand> operands) {
    /** Copies the arrays. */
    public NotFinite {
        index = index.clone();
        operands = List.copyOf(operands);
    }

    /** Where it stands: one number for each axis. */
    @Override
    public int[] index() {
        return index.clone();
    }

    /**
     * One operand of the node.
     *
     * @param from the input, the variable or the part of the model that made it; empty if nobody knows
     * @param index of the element that went into the bad one, where an element of the result needs one element of each operand; else empty
     * @param value that element; NaN if there is none
     * @param least the least finite value of the whole operand; NaN if there is none
     * @param largest the largest
     * @param notFinite how many of the operand's elements are NaN or infinite
     */
    public record Operand(
            String from, Shape shape, int[] index, float value, float least, float largest, int notFinite) {
        /** Copies the array. */
        public Operand {
            index = index.clone();
        }

        /** Where it stands: one number for each axis. */
        @Override
        public int[] index() {
            return index.clone();
        }

        @Override
        public String toString() {
            String name = from.isEmpty() ? shape.toString() : from + " " + shape;
            String bad = notFinite == 0 ? "" : ", " + notFinite + " not finite";
            String range = String.format(Locale.ROOT, "(%s to %s%s)", least, largest, bad);
            return index.length == 0 && shape.rank() > 0 && Float.isNaN(value)
                    ? name + " " + range
                    : name + " = " + value + " " + range;
        }
    }

    /** One line: the operation, its shape and place, the bad element, and what went in. */
    @Override
    public String toString() {
        String where = place.isEmpty() ? "" : " (" + place + ")";
        String from = operands.isEmpty()
                ? ""
                : "; what went in: "
                        + java.util.stream.IntStream.range(0, operands.size())
                                .mapToObj(i -> Formulas.letter(i) + " is " + operands.get(i))
                                .collect(Collectors.joining("; "));
        return operation + " " + shape + where + " is " + value + " at " + Arrays.toString(index)
                + (count == 1 ? "" : " (the first of " + count + ")") + from;
    }
}
