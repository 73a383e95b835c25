package hoag.kernels.reference;

import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.List;

/** What follows a convolution or product: result[i] = formula(result[i], extras[i]...), the extras broadcast to the result. */
final class ReferenceEpilogue {
    private ReferenceEpilogue() {}

    static Loops after(Loops sum, Kernel kernel, Kernel.Epilogue epilogue) {
        if (epilogue == null) {
            return sum;
        }
        Shape space = kernel.outputs().getFirst();
        int own = kernel.inputs().size() - epilogue.extras().size();
        return (in, out, state) -> {
            sum.run(in, out, state);
            apply(epilogue, space, out.getFirst(), in.subList(own, in.size()));
        };
    }

    private static void apply(Kernel.Epilogue epilogue, Shape space, Doubles result, List<Doubles> extras) {
        Formula formula = new Formula(epilogue.formula());
        double[] values = new double[1 + extras.size()];
        Walk walk = Walk.broadcasting(space, epilogue.extras());
        for (int i = 0; walk.here(); i++, walk.next()) {
            values[0] = result.get(i);
            for (int extra = 0; extra < extras.size(); extra++) {
                values[extra + 1] = extras.get(extra).get(walk.at(extra));
            }
            result.set(i, formula.at(values));
        }
    }
}
