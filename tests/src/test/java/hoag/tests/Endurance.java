package hoag.tests;

import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.engine.Workspace;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.engine.train.AdamW;
import hoag.engine.train.Optimizer;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Task;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Many training steps of Lite0 at 32 pixels: what the steps of each stretch put on the heap, and how large heap and process are after it. Run by
 * {@code tests/endurance}.
 */
public final class Endurance {
    private static final int BATCH = 4;
    private static final int SIDE = 32;
    private static final int STRETCHES = 10;

    /**
     * After a stretch of steps; sizes in bytes, the process's 0 where the system does not say.
     *
     * @param others what all other threads put on the heap: while vector kernels are being compiled, a lot
     */
    record State(int steps, double bytesPerStep, long others, long heap, long process, float loss) {}

    private Endurance() {}

    /** Fails with exit code 1 unless the second half of the run leaves heap and process as large as they were, give or take 4 and 16 MiB. */
    public static void main(String[] args) {
        List<State> states = run(args.length > 0 ? Integer.parseInt(args[0]) : 10_000, System.out);
        State middle = states.get(STRETCHES / 2 - 1);
        State end = states.getLast();
        boolean flat = end.heap() - middle.heap() < 4 << 20
                && end.process() - middle.process() < 16 << 20
                && end.bytesPerStep() < 1024;
        System.out.println(flat ? "flat" : "NOT FLAT");
        System.exit(flat ? 0 : 1);
    }

    static List<State> run(int steps, PrintStream out) {
        GalaxyModel model = Small.model(SIDE, 2);
        Trace trace = Trace.train();
        Tensor answers = model.net().apply(Tensor.input("image", Shape.of(BATCH, 3, SIDE, SIDE)), trace);
        Tensor loss = Task.loss(model.tasks(), answers, Tensor.input("label", Shape.of(BATCH, 2)));
        AdamW optimizer = new AdamW(0.9, 0.999, 1e-8, 0.05);
        Map<String, Variable> weights = Modules.parameters(model.net());
        List<Tensor> updates = new ArrayList<>(optimizer
                .minimize(loss, List.of(new Optimizer.Group(weights, 1, 0.05)), new Optimizer.Options(1, 0.9))
                .updates());
        updates.addAll(trace.updates());
        List<State> states = new ArrayList<>();
        try (var cpu = new CpuBackend(2);
                Workspace workspace =
                        Program.compile(cpu, Map.of("loss", loss), updates).workspace()) {
            workspace.feed("image", Recipe.values("image", BATCH * 3 * SIDE * SIDE, 0.5, 0.5));
            workspace.feed("label", 0, 4, 1, 5, 0, 6, 1, 7).feed(Optimizer.RATE, 1e-3f);
            out.println("   steps  bytes/step  others MiB   heap MiB  process MiB    loss");
            optimizer.feed(1, (name, value) -> workspace.feed(name, (float) value));
            workspace.run();
            StepThreads threads = new StepThreads();
            for (int stretch = 0, step = 0; stretch < STRETCHES; stretch++) {
                threads.bytes();
                threads.allBytes();
                int first = step;
                for (; step < (long) steps * (stretch + 1) / STRETCHES; step++) {
                    optimizer.feed(step + 1, (name, value) -> workspace.feed(name, (float) value));
                    if (!workspace.runIfFinite(1, step, "loss")) {
                        throw new AssertionError("the loss is " + workspace.scalar("loss") + " after step " + step);
                    }
                }
                long bytes = threads.bytes();
                states.add(new State(
                        step,
                        (double) bytes / Math.max(1, step - first),
                        threads.allBytes() - bytes,
                        heap(),
                        process(),
                        workspace.scalar("loss")));
                print(states.getLast(), out);
            }
        }
        return states;
    }

    private static void print(State state, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "%8d %11.0f %11.1f %10.1f %12.1f %7.4f%n",
                state.steps,
                state.bytesPerStep,
                state.others / 1048576.0,
                state.heap / 1048576.0,
                state.process / 1048576.0,
                state.loss);
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long process() {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum()
                    * 1024;
        } catch (IOException e) {
            return 0;
        }
    }
}
