package hoag.kernels.reference;

import hoag.kernels.Buffer;
import hoag.kernels.Launch;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import java.util.List;

/** Loops with their operands tied to them; one task, one thread. */
record ReferenceLaunch(int inputs, Loops loops) implements Launch {
    @Override
    public String algorithm() {
        return "loops";
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        List<Doubles> all = operands.stream().map(Doubles::of).toList();
        List<Doubles> in = all.subList(0, inputs);
        List<Doubles> out = all.subList(inputs, all.size());
        return new Work() {
            @Override
            public int tasks(int phase) {
                return 1;
            }

            @Override
            public void run(int phase, int task, int worker) {
                loops.run(in, out, state);
            }
        };
    }
}
