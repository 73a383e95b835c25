package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import java.util.List;

/** Mean and variance where neighbours are kept apart: one element of the result after the other, two passes in float64. */
record MomentsPlain(Kernel.Moments kernel, Runs runs) implements Launch {
    @Override
    public String algorithm() {
        return "moments by element";
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(runs, Groups.of(runs), operands.get(0), operands.get(1));
    }

    private record Bound(Runs runs, Groups groups, Buffer x, Buffer y) implements Work {
        @Override
        public int tasks(int phase) {
            return groups.count();
        }

        @Override
        public void run(int phase, int group, int worker) {
            int kept = groups.count() * runs.length();
            for (int i = 0; i < runs.length(); i++) {
                double mean = 0;
                for (int member = 0; member < groups.members(); member++) {
                    mean += at(group, member, i);
                }
                mean /= groups.members();
                double squared = 0;
                for (int member = 0; member < groups.members(); member++) {
                    double delta = at(group, member, i) - mean;
                    squared += delta * delta;
                }
                y.floats()[y.offset() + group * runs.length() + i] = (float) mean;
                y.floats()[y.offset() + kept + group * runs.length() + i] = (float) (squared / groups.members());
            }
        }

        private double at(int group, int member, int i) {
            return x.floats()[x.offset() + groups.run(group, member) * runs.length() + i];
        }
    }
}
