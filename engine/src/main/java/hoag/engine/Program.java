package hoag.engine;

import hoag.kernels.Backend;
import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import hoag.kernels.cpu.CpuBackend;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Something that runs: nodes that were fused, laid out and given their memory once. Immutable, shared by threads; each thread runs it in a
 * {@link Workspace} of its own. What depends on variables alone (folded BatchNorm, packed filters) is computed once and again when they
 * change, and is shared by all workspaces.
 */
public final class Program {
    final Backend backend;
    final Plan plan;
    final List<Launch> launches;
    final MemoryPlan memory;

    /** Launches before the first update. */
    final int computing;

    private final List<Step> fixedSteps;
    private final List<Launch> fixedLaunches;
    private final MemoryPlan fixedMemory;
    private final Map<Value, Buffer> fixedBuffers = new HashMap<>();
    private final List<Work> fixedWorks = new ArrayList<>();
    private final Variable[] read;
    private final long[] seen;
    final List<Variable> written;
    private volatile boolean fresh;

    /** A variable and its copy in a backend's own memory. */
    private final class Mirror implements Variable.Elsewhere {
        private final Variable variable;
        private final Buffer buffer;
        private final boolean isWritten;
        private long version = -1; // of the copy

        Mirror(Variable variable, Buffer buffer) {
            this.variable = variable;
            this.buffer = buffer;
            this.isWritten = written.contains(variable);
        }

        void load() {
            if (version != variable.version()) {
                version = variable.version();
                variable.copy(backend, buffer);
            }
        }

        /** Copies what a run wrote to the host. */
        @Override
        public void bring() {
            backend.read(
                    buffer, variable.stale(), Variable.SKIP, variable.shape().size());
        }

        @Override
        public boolean copy(Backend other, Buffer to) {
            return other.copy(backend, buffer, to);
        }
    }

    private volatile Mirror[] mirrors = {};
    private final Runnable settling = this::settle;
    final Map<String, Tensor> outputs;
    final List<Tensor> updates;
    final Recompute recompute;

    private Program(
            Backend backend, Plan traced, Map<String, Tensor> outputs, List<Tensor> updates, Recompute recompute) {
        this.backend = backend;
        this.recompute = recompute;
        this.outputs = outputs;
        this.updates = List.copyOf(updates);
        Plan whole = recompute.of(traced, backend);
        Set<Value> fixed = FoldAffine.fixed(whole);
        Predicate<Step> once = step -> !step.isUpdate() && fixed.containsAll(step.out());
        fixedSteps = whole.steps().stream().filter(once).toList();
        plan = new Plan(
                whole.steps().stream()
                        .filter(once.negate())
                        .sorted(java.util.Comparator.comparing(Step::isUpdate)) // stable: updates last
                        .toList(),
                whole.outputs());
        computing = (int) plan.steps().stream()
                .filter(step -> !step.isView() && !step.isUpdate())
                .count();
        fixedLaunches = prepare(fixedSteps);
        launches = prepare(plan.steps());
        Set<Value> handed = new LinkedHashSet<>(plan.outputs().values());
        plan.steps().forEach(step -> handed.addAll(step.in()));
        fixedMemory = MemoryPlan.of(fixedSteps, handed);
        memory = MemoryPlan.of(plan.steps(), plan.outputs().values());
        read = whole.values().stream()
                .filter(v -> v.source instanceof Value.Held)
                .map(v -> ((Value.Held) v.source).variable())
                .toArray(Variable[]::new);
        seen = new long[read.length];
        written = plan.steps().stream()
                .filter(Step::isUpdate)
                .flatMap(step -> step.out().stream())
                .map(v -> ((Value.Held) v.source).variable())
                .toList();
    }

    /**
     * A program that computes {@code outputs}, by name, at each run.
     *
     * @param outputs what {@link Workspace#output} gives by these names
     * @throws hoag.kernels.DeviceException if the backend cannot run here
     */
    public static Program compile(Backend backend, Map<String, Tensor> outputs) {
        return compile(backend, outputs, List.of());
    }

    /**
     * A program that computes {@code outputs}, by name, and then carries out {@code updates} (nodes of {@link Update}).
     *
     * @throws hoag.kernels.DeviceException if the backend cannot run here
     */
    public static Program compile(Backend backend, Map<String, Tensor> outputs, List<Tensor> updates) {
        return compile(backend, outputs, updates, Recompute.WHERE_LARGE);
    }

    /**
     * The same, with a say in what is kept and what is made again.
     *
     * @throws hoag.kernels.DeviceException if the backend cannot run here
     */
    public static Program compile(
            Backend backend, Map<String, Tensor> outputs, List<Tensor> updates, Recompute recompute) {
        backend.whyNot().ifPresent(why -> {
            throw new hoag.kernels.DeviceException(why);
        });
        Map<String, Tensor> sorted = new TreeMap<>(outputs); // Map.of is in another order in each process
        Plan plan = Lowering.of(sorted, updates);
        plan = Narrow.of(plan);
        if (!backend.name().equals("reference")) {
            plan = FoldAffine.of(plan).live();
            plan = Fuse.chains(plan);
            plan = Fuse.reductions(plan);
            plan = LayerNorms.of(Attentions.of(plan, backend), backend);
            plan = Fuse.epilogues(Views.of(plan), backend);
            plan = Chains.of(plan, backend);
        }
        return new Program(backend, Layouts.of(plan.live(), backend), sorted, updates, recompute);
    }

    /**
     * The same outputs and updates, compiled for another backend. On {@code new ReferenceBackend()} a run is in float64 from the first node to the
     * last, nothing fused or folded, with the same random numbers: the truth for checks of one's own, by {@link Workspace#output64}.
     * Variables are shared with this program and hold float32: a run that updates them moves them for both.
     *
     * @throws hoag.kernels.DeviceException if that backend cannot run here
     */
    public Program on(Backend other) {
        return compile(other, outputs, updates, recompute);
    }

    /** The value of one node that depends on no input: compiled, run and forgotten. */
    static float[] evaluate(Tensor node) {
        try (Backend cpu = new CpuBackend(1);
                Workspace workspace = compile(cpu, Map.of("value", node)).workspace()) {
            workspace.run(0, 0);
            return workspace.output("value");
        }
    }

    /**
     * Memory for one thread's runs.
     *
     * @return to be closed; any number may be open at once
     * @throws hoag.kernels.DeviceException if there is no memory for it
     */
    public Workspace workspace() {
        return new Workspace(this);
    }

    /**
     * {@link #workspace()} for an owner of several: if there is no memory for this one, what was opened before it is closed.
     *
     * @param before the owner's other workspaces; nulls are passed over
     */
    public Workspace workspace(AutoCloseable... before) {
        try {
            return workspace();
        } catch (RuntimeException | Error e) {
            for (AutoCloseable each : before) {
                close(each, e);
            }
            throw e;
        }
    }

    private static void close(AutoCloseable each, Throwable because) {
        try {
            if (each != null) {
                each.close();
            }
        } catch (Exception e) {
            because.addSuppressed(e);
        }
    }

    /** Bytes of memory for each workspace, scratch included. */
    public long workspaceBytes() {
        return 4 * (memory.floats() + scratch(launches));
    }

    /** Of these, what kernels use for partial results: it hardly grows with the batch. */
    public long scratchBytes() {
        return 4 * scratch(launches);
    }

    /** Bytes that all workspaces share on a device with memory of its own: the variables, and what depends on them alone. */
    public long sharedBytes() {
        long variables =
                Stream.of(read).mapToLong(variable -> variable.shape().size()).sum();
        return 4 * (variables + fixedMemory.floats() + scratch(fixedLaunches));
    }

    /** Where each value of a workspace lies and how long. */
    public MemoryMap memoryMap() {
        return memory.map(plan.steps().size());
    }

    /** Multiplications and additions of convolutions and products in one run, each counted as one. */
    public double flops() {
        return sum(Kernel::flops);
    }

    /** Bytes of the operands and results of convolutions and products in one run, each counted once: what goes through memory where nothing is fused. */
    public double bytes() {
        return sum(kernel -> 4.0
                * Stream.concat(kernel.inputs().stream(), kernel.outputs().stream())
                        .mapToLong(hoag.kernels.Shape::size)
                        .sum());
    }

    private double sum(ToDoubleFunction<Kernel> of) {
        return plan.steps().stream()
                .map(Step::kernel)
                .flatMap(kernel -> kernel instanceof Kernel.Chain chain ? chain.links().stream() : Stream.of(kernel))
                .filter(kernel -> kernel instanceof Kernel.Conv2d || kernel instanceof Kernel.Product)
                .mapToDouble(of)
                .sum();
    }

    /**
     * One line a launch: shapes, layout, algorithm, FLOPs, bytes; with times if the program was run in {@code workspace}.
     *
     * @param workspace of this program
     */
    public String explain(Workspace workspace) {
        return Explain.of(this, workspace);
    }

    /**
     * Every launch in order: what it has to do, and the median of its time within {@code rounds} whole runs.
     *
     * @param workspace of this program, whose inputs were fed; null if nothing is to be run
     * @param rounds at least 1
     */
    public List<LaunchCost> costs(Workspace workspace, int rounds) {
        return Explain.costs(this, workspace, rounds);
    }

    /**
     * Looks for the first node that makes a NaN or an infinity out of finite operands, with what was fed to {@code fed} and the seed and step
     * of its last run: every node runs alone, nothing fused, on this program's backend, and no variable is written. An infinity in an
     * input (a mask) is no fault; a NaN is.
     *
     * @param fed a workspace of this program, whose inputs were fed
     * @param places the part of the model that a node belongs to, or an empty string: {@code trace.places(model)}
     * @return empty if there is no such node
     */
    public Optional<NotFinite> check(Workspace fed, Function<Tensor, String> places) {
        return fed.check(NodeCheck.roots(outputs.values(), updates), places);
    }

    /** {@link #check(Workspace, Function)} without names of a model's parts. */
    public Optional<NotFinite> check(Workspace fed) {
        return check(fed, node -> "");
    }

    private List<Launch> prepare(List<Step> steps) {
        Map<Object, Launch> made = new HashMap<>();
        List<Launch> prepared = new ArrayList<>();
        for (Step step : steps) {
            prepared.add(
                    step.isView()
                            ? null
                            : made.computeIfAbsent(
                                    List.of(step.kernel(), layouts(step)),
                                    ignored -> backend.prepare(step.kernel(), layouts(step))));
        }
        return prepared;
    }

    private static Backend.Wish layouts(Step step) {
        return new Backend.Wish(
                step.in().stream().map(v -> v.layout).toList(),
                step.out().stream().map(v -> v.layout).toList());
    }

    long scratch(List<Launch> of) {
        return of.stream()
                .mapToLong(launch -> launch == null ? 0 : launch.scratch(backend.workers()))
                .max()
                .orElse(0);
    }

    /** @throws hoag.kernels.DeviceException if a workspace more, or the first with all that they share, does not fit */
    void expect() {
        backend.expect(workspaceBytes() + (fresh ? 0 : sharedBytes()));
    }

    /** Brings what depends on variables alone up to date. */
    void refresh() {
        if (!fresh || stale()) {
            synchronized (fixedBuffers) {
                if (!fresh) {
                    bindFixed();
                }
                if (!fresh || stale()) {
                    for (int i = 0; i < read.length; i++) {
                        seen[i] = read[i].version();
                    }
                    load();
                    backend.run(fixedWorks);
                    fresh = true;
                }
            }
        }
    }

    /** Whether a run depends on the variable. */
    boolean reads(Variable variable) {
        return List.of(read).contains(variable);
    }

    private boolean stale() {
        for (int i = 0; i < read.length; i++) {
            if (seen[i] != read[i].version()) {
                return true;
            }
        }
        return false;
    }

    /** After a run that wrote variables: their new versions are what this program knows already. */
    void wrote() {
        for (int i = 0; i < written.size(); i++) {
            written.get(i).written();
        }
        for (Mirror mirror : mirrors) {
            if (mirror.isWritten) {
                mirror.version = mirror.variable.version();
            }
        }
        if (fixedSteps.isEmpty()) {
            for (int i = 0; i < read.length; i++) {
                seen[i] = read[i].version();
            }
        }
    }

    private void bindFixed() {
        fixedBuffers.clear();
        fixedWorks.clear();
        Binding binding = new Binding(backend, fixedBuffers, fixedMemory);
        binding.reserve();
        plan.steps().forEach(step -> step.in().forEach(binding::leaf));
        plan.outputs().values().forEach(binding::leaf);
        Buffer scratch = backend.allocate(scratch(fixedLaunches));
        binding.bind(fixedSteps, fixedLaunches, scratch, new RunState(), fixedWorks);
        backend.beforeClose(settling);
        mirrors = fixedBuffers.entrySet().stream()
                .filter(entry -> entry.getKey().source instanceof Value.Held(Variable held)
                        && entry.getValue().storage() != held.storage())
                .map(entry -> new Mirror(((Value.Held) entry.getKey().source).variable(), entry.getValue()))
                .toArray(Mirror[]::new);
    }

    private void load() {
        for (Mirror mirror : mirrors) {
            mirror.load();
        }
    }

    /** For backends with memory of their own: what a run wrote is brought to the host when somebody asks for it. */
    void store() {
        for (Mirror mirror : mirrors) {
            if (mirror.isWritten) {
                mirror.variable.lieElsewhere(mirror);
            }
        }
    }

    /** Brings to the host what still lies on the device. */
    void settle() {
        for (Mirror mirror : mirrors) {
            if (mirror.isWritten) {
                mirror.variable.storage();
            }
        }
    }

    Map<Value, Buffer> fixedBuffers() {
        return fixedBuffers;
    }

    /** The plan after all passes, one line a step. */
    @Override
    public String toString() {
        return plan.toString();
    }
}
