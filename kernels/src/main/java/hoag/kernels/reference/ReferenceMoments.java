package hoag.kernels.reference;

import hoag.kernels.Kernel;
import hoag.kernels.Shape;

/** Mean, then the mean of squared distances from it: two passes. */
final class ReferenceMoments {
    private ReferenceMoments() {}

    static Loops loops(Kernel.Moments kernel) {
        return (in, out, state) -> {
            int kept = kernel.outputs().getFirst().size() / 2;
            double count = (double) kernel.input().size() / kept;
            Doubles x = in.getFirst();
            Doubles mean = out.getFirst();
            mean.fill(2 * kept, 0);
            for (Walk walk = walk(kernel); walk.here(); walk.next()) {
                mean.add(walk.at(1), x.get(walk.at(0)) / count);
            }
            for (Walk walk = walk(kernel); walk.here(); walk.next()) {
                double distance = x.get(walk.at(0)) - mean.get(walk.at(1));
                mean.add(kept + walk.at(1), distance * distance / count);
            }
        };
    }

    private static Walk walk(Kernel.Moments kernel) {
        Shape kept = kernel.input();
        for (int axis : kernel.axes()) {
            kept = kept.with(axis, 1);
        }
        return new Walk(kernel.input(), kernel.input().strides(), Walk.strides(kept, kernel.input()));
    }
}
