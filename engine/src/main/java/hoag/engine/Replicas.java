package hoag.engine;

import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * One program on several devices: each computes from inputs of its own, at the same time. Then what the program's updates read is brought to the first device,
 * from one after the other in order, and the updates are carried out there. So a run has the bits of as many runs on one device: sums are taken in
 * the same order, whatever device finished first. Variables are the first device's; others copy what changed before they compute. The computed part of the
 * program must not read what its updates write.
 */
public final class Replicas implements AutoCloseable {
    private final List<Program> programs = new ArrayList<>();
    private final List<Workspace> workspaces = new ArrayList<>();
    private final Set<String> operands = new LinkedHashSet<>();
    private final Workspace later;
    private final ExecutorService threads;

    /**
     * @param first the program's memory on its own backend; the caller closes it
     * @param peers the other devices
     * @throws ConfigException if what is computed depends on what is updated
     */
    public Replicas(Program program, Workspace first, List<Backend> peers) {
        Map<String, Tensor> outputs = new TreeMap<>(program.outputs);
        List<Tensor> updates =
                program.updates.stream().map(update -> later(update, outputs)).toList();
        programs.add(program);
        workspaces.add(first);
        try {
            for (Backend peer : peers) {
                Program theirs = Program.compile(peer, outputs, List.of(), program.recompute);
                check(theirs, program);
                programs.add(theirs);
                workspaces.add(theirs.workspace());
            }
            later = Program.compile(program.backend, Map.of(), updates).workspace();
        } catch (RuntimeException e) {
            closePeers();
            throw e;
        }
        threads = Executors.newFixedThreadPool(peers.size(), task -> {
            Thread thread = new Thread(task, "hoag-replica");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The same update by operands that come from elsewhere; those become outputs. */
    private Tensor later(Tensor update, Map<String, Tensor> outputs) {
        var op = (Update) update.op();
        Tensor[] inputs = update.inputs().stream()
                .map(input -> input.op() instanceof Leaf ? input : brought(input, outputs))
                .toArray(Tensor[]::new);
        return Update.of(op.targets(), op.formulas(), inputs);
    }

    private Tensor brought(Tensor operand, Map<String, Tensor> outputs) {
        String name = outputs.entrySet().stream()
                .filter(entry -> entry.getValue() == operand)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("operand/" + outputs.size());
        outputs.put(name, operand);
        operands.add(name);
        return Tensor.input(name, operand.shape());
    }

    private static void check(Program computing, Program updating) {
        updating.written.stream().filter(computing::reads).findFirst().ifPresent(both -> {
            throw new ConfigException("several devices: " + both.name()
                    + " is updated by a run and read by it; only sums can be shared, see Accumulate");
        });
    }

    /** How many devices there are. */
    public int count() {
        return workspaces.size();
    }

    /** The memory of one device, to be fed and read. */
    public Workspace at(int device) {
        return workspaces.get(device);
    }

    /** Where inputs of the updates are fed that all devices but the first share. */
    public Workspace later() {
        return later;
    }

    /**
     * One run on each device, with the steps {@code step}, {@code step + 1}, ...; updates only if these outputs, of one element each, are finite everywhere.
     *
     * @return the first device where they are not; empty if all is well
     * @throws hoag.kernels.DeviceException if a device was lost; nothing was updated
     */
    public Optional<Integer> runIfFinite(long seed, long step, String... outputs) {
        compute(seed, step);
        for (int device = 0; device < count(); device++) {
            if (!at(device).finite(outputs)) {
                return Optional.of(device);
            }
        }
        at(0).update();
        for (int device = 1; device < count(); device++) {
            for (String operand : operands) {
                later.feed(operand, at(device), operand);
            }
            later.run(seed, step + device);
        }
        return Optional.empty();
    }

    private void compute(long seed, long step) {
        List<Future<?>> running = new ArrayList<>();
        for (int device = 1; device < count(); device++) {
            int number = device;
            running.add(threads.submit(() -> at(number).run(seed, step + number)));
        }
        RuntimeException failed = null;
        try {
            at(0).compute(seed, step);
        } catch (RuntimeException e) {
            failed = e;
        }
        for (Future<?> each : running) {
            failed = first(failed, each);
        }
        if (failed != null) {
            throw failed;
        }
    }

    /** Waits; the first failure in the order of the devices counts. */
    private static RuntimeException first(RuntimeException before, Future<?> running) {
        try {
            running.get();
            return before;
        } catch (ExecutionException e) {
            return before != null ? before : thrown(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new IllegalStateException("interrupted while devices compute", e);
        }
    }

    private static RuntimeException thrown(Throwable cause) {
        return switch (cause) {
            case RuntimeException known -> known;
            case Error error -> throw error;
            default -> new IllegalStateException(cause);
        };
    }

    /** {@link Program#check} for the run of one device. */
    public Optional<NotFinite> check(int device, Function<Tensor, String> places) {
        return programs.get(device).check(at(device), places);
    }

    private void closePeers() {
        workspaces.stream().skip(1).forEach(Workspace::close);
    }

    /** Gives back the memory of all but the first workspace. */
    @Override
    public void close() {
        threads.shutdown();
        later.close();
        closePeers();
    }
}
