package hoag.kernels.reference;

import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.List;

/** The gradient of a layer normalisation, by its definition. */
final class ReferenceLayerNormGradient {
    private ReferenceLayerNormGradient() {}

    static Loops loops(Kernel.LayerNormGradient kernel) {
        var moments = new Kernel.Moments(kernel.input(), kernel.axis());
        Loops first = ReferenceMoments.loops(moments);
        Shape rows = kernel.input().with(kernel.axis(), 1);
        Loops gradient = (in, out, state) -> {
            Doubles both = new Doubles(new double[2 * rows.size()], 0);
            first.run(in.subList(0, 1), List.of(both), state);
            run(kernel, in, out, both, rows);
        };
        return ReferenceEpilogue.after(gradient, kernel, kernel.epilogue());
    }

    private static void run(
            Kernel.LayerNormGradient kernel, List<Doubles> in, List<Doubles> out, Doubles both, Shape rows) {
        double n = kernel.input().dim(kernel.axis());
        double[] sums = new double[rows.size()];
        double[] dots = new double[rows.size()];
        out.get(1).fill(kernel.vector().size(), 0);
        out.get(2).fill(kernel.vector().size(), 0);
        List<Shape> shapes = List.of(rows, kernel.weight(), kernel.vector());
        Walk walk = Walk.broadcasting(kernel.input(), shapes);
        for (int i = 0; walk.here(); i++, walk.next()) {
            double up = in.get(1).get(i);
            double standard = standard(kernel, in, both, i, walk.at(0), rows.size());
            sums[walk.at(0)] += up * in.get(2).get(walk.at(1)) / n;
            dots[walk.at(0)] += up * in.get(2).get(walk.at(1)) * standard / n;
            out.get(1).add(walk.at(2), up * standard);
            out.get(2).add(walk.at(2), up);
        }
        walk = Walk.broadcasting(kernel.input(), shapes);
        for (int i = 0; walk.here(); i++, walk.next()) {
            int row = walk.at(0);
            double standard = standard(kernel, in, both, i, row, rows.size());
            double up = in.get(1).get(i) * in.get(2).get(walk.at(1));
            out.getFirst().set(i, (up - sums[row] - standard * dots[row]) * scale(kernel, both, row, rows.size()));
        }
    }

    private static double scale(Kernel.LayerNormGradient kernel, Doubles both, int row, int rows) {
        return 1 / Math.sqrt(both.get(rows + row) + kernel.eps());
    }

    private static double standard(
            Kernel.LayerNormGradient kernel, List<Doubles> in, Doubles both, int i, int row, int rows) {
        return (in.getFirst().get(i) - both.get(row)) * scale(kernel, both, row, rows);
    }
}
