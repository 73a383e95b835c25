package hoag.kernels.reference;

import hoag.kernels.Kernel;

/** out[o][i] = formula[o](inputs at i). All formulas of a place are computed before any is stored, so outputs may lie on inputs. */
final class ReferencePointwise {
    private ReferencePointwise() {}

    static Loops loops(Kernel.Pointwise kernel) {
        return (in, out, state) -> {
            Formula[] formulas = Formula.of(kernel.formulas());
            double[] values = new double[in.size()];
            double[] results = new double[formulas.length];
            Walk walk = Walk.broadcasting(kernel.space(), kernel.inputs());
            for (int i = 0; walk.here(); i++, walk.next()) {
                for (int operand = 0; operand < values.length; operand++) {
                    values[operand] = in.get(operand).get(walk.at(operand));
                }
                for (int o = 0; o < results.length; o++) {
                    results[o] = formulas[o].at(values);
                }
                for (int o = 0; o < results.length; o++) {
                    out.get(o).set(i, results[o]);
                }
            }
        };
    }
}
