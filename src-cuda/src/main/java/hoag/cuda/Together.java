package hoag.cuda;

import hoag.kernels.Buffer;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The same formulas over many tensors as one kernel ({@code pointwise_many}): the optimizer's updates of all parameters are one launch, however many small
 * tensors they are. Operands fill their tensor or hold one number; where they lie, a table in the device's memory says.
 */
final class Together {
    private static final int BLOCK = 4 * Grid.THREADS; // elements
    private static final int SEGMENT = 8 * Struct.TABLE + 8; // bytes

    private Together() {}

    /** What decides whether two launches can be one. */
    record Kind(List<Expr> formulas, List<Boolean> single) {
        private static final Shape FULL = Shape.of(2); // any size gives the same text

        Slot slot() {
            return new Slot(
                    FULL, single.stream().map(one -> one ? Shape.SCALAR : FULL).toList(), formulas, false);
        }
    }

    /** One tensor's share: operands (inputs, then results) and elements. */
    record Part(Kind kind, List<Buffer> operands, int count) {
        /** Null if an operand is neither as large as the space nor one number. */
        static Part of(Kernel.Pointwise kernel, List<Buffer> operands) {
            int count = kernel.space().size();
            boolean fits = kernel.inputs().stream().allMatch(shape -> shape.size() == count || shape.size() == 1);
            return fits && count > 0 && operands.size() <= Struct.TABLE
                    ? new Part(
                            new Kind(
                                    kernel.formulas(),
                                    kernel.inputs().stream()
                                            .map(shape -> shape.size() != count)
                                            .toList()),
                            List.copyOf(operands),
                            count)
                    : null;
        }

        private Stream<Buffer> read() {
            return operands.stream().limit(kind.single.size());
        }

        private Stream<Buffer> written() {
            return operands.stream().skip(kind.single.size());
        }

        /** Whether the other one, which comes later, has to wait. */
        private boolean disturbs(Part later) {
            return written().anyMatch(mine -> later.operands.stream().anyMatch(theirs -> overlap(mine, theirs)))
                    || read().anyMatch(mine -> later.written().anyMatch(theirs -> overlap(mine, theirs)));
        }

        private static boolean overlap(Buffer a, Buffer b) {
            return a.storage() == b.storage()
                    && a.offset() < b.offset() + b.length()
                    && b.offset() < a.offset() + a.length();
        }
    }

    /** All calls in order, neighbours of one kind as one; {@code tables} takes what memory that needs, to be given back with the calls. */
    static List<Call> calls(Device device, List<CudaLaunch.Bound> bound, List<Buffer> tables) {
        var calls = new ArrayList<Call>();
        for (int from = 0, to; from < bound.size(); from = to) {
            to = end(bound, from);
            if (to - from > 1) {
                calls.add(one(
                        device,
                        bound.subList(from, to).stream()
                                .map(CudaLaunch.Bound::part)
                                .toList(),
                        tables));
            } else {
                calls.addAll(bound.get(from).calls());
            }
        }
        return calls;
    }

    private static int end(List<CudaLaunch.Bound> bound, int from) {
        int to = from + 1;
        while (bound.get(from).part() != null && to < bound.size() && joins(bound.subList(from, to), bound.get(to))) {
            to++;
        }
        return to;
    }

    private static boolean joins(List<CudaLaunch.Bound> group, CudaLaunch.Bound next) {
        return next.part() != null
                && next.part().kind().equals(group.getFirst().part().kind())
                && group.stream().noneMatch(member -> member.part().disturbs(next.part()));
    }

    private static Call one(Device device, List<Part> parts, List<Buffer> tables) {
        var struct = new Struct(parts.size() * SEGMENT);
        int blocks = 0;
        for (Part part : parts) {
            struct.table(part.operands).ints(blocks, part.count);
            blocks += (int) Grid.blocks(part.count, BLOCK);
        }
        Buffer table = device.table(struct.ready());
        tables.add(table);
        String text = Ptx.module("pointwise_many", parts.getFirst().kind().slot());
        var argument = new Struct().pointer(table).ints(parts.size());
        return Call.kernel(
                device.who(),
                "pointwise_many of " + parts.size(),
                device.function("pointwise_many", text),
                new Grid(blocks, 1, 1),
                0,
                argument.argument(Ptx.argument(text, "pointwise_many")));
    }
}
