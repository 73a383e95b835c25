package hoag.kernels.reference;

import hoag.kernels.Kernel;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Columns of each row sorted by their elements; the sort is stable. */
final class ReferenceOrder {
    private ReferenceOrder() {}

    static Loops loops(Kernel.Order kernel) {
        return (in, out, state) -> {
            for (int row = 0; row < kernel.rows(); row++) {
                List<Integer> order = sorted(kernel, in.getFirst(), row * kernel.length());
                for (int i = 0; i < kernel.count(); i++) {
                    out.getFirst().set(row * kernel.count() + i, order.get(i));
                }
            }
        };
    }

    /** Adding 0 makes -0 equal to 0. */
    private static List<Integer> sorted(Kernel.Order kernel, Doubles x, int first) {
        Comparator<Integer> rising = Comparator.comparingDouble(column -> x.get(first + column) + 0.0);
        return IntStream.range(0, kernel.length())
                .boxed()
                .sorted(kernel.largestFirst() ? rising.reversed() : rising)
                .toList();
    }
}
