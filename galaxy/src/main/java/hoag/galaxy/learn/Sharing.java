package hoag.galaxy.learn;

import hoag.engine.NotFinite;
import hoag.engine.Replicas;
import hoag.engine.Workspace;
import hoag.engine.train.Accumulate;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A step's memory on one device or on several, which take its batches in turn and compute when each has one. The first one holds the weights and moves them
 * ({@link Replicas}).
 */
final class Sharing implements AutoCloseable {
    private final Step step;
    private final List<Backend> devices;
    private final Workspace first;
    private final Workspace apply;
    private final Replicas replicas;

    /** @param devices from {@link #devices}; the step is compiled for the first */
    Sharing(Step step, List<Backend> devices) {
        this.step = step;
        this.devices = devices;
        first = step.program().workspace();
        apply = step.apply() == null ? null : step.apply().workspace(first);
        try {
            replicas = devices.size() == 1
                    ? null
                    : new Replicas(step.program(), first, devices.subList(1, devices.size()));
        } catch (RuntimeException e) {
            closeOwn();
            throw e;
        }
        if (replicas != null) {
            replicas.later().feed(Accumulate.CARRY, 1);
        }
    }

    /** A device and those that were named with it. */
    static List<Backend> devices(Backend backend) {
        return Stream.concat(Stream.of(backend), backend.peers().stream()).toList();
    }

    /**
     * Galaxies that each device computes at once: together they are the batch.
     *
     * @throws ConfigException if the batch cannot be divided evenly
     * @throws DataException if there are fewer galaxies than devices
     */
    static int share(int batch, int galaxies, int devices) {
        if (batch % devices != 0) {
            throw new ConfigException("--batch " + batch + ": " + devices
                    + " devices cannot share it evenly; make it a multiple of " + devices);
        }
        int share = Math.min(batch, galaxies) / devices;
        if (share == 0) {
            throw new DataException(
                    galaxies + " galaxies to train on and " + devices + " devices; name fewer devices (--device cuda)");
        }
        return share;
    }

    /** How many devices there are. */
    int count() {
        return devices.size();
    }

    /**
     * Where a batch of a step is fed.
     *
     * @param part which batch of the step, 0, 1, ...
     */
    Workspace at(int part) {
        return replicas == null ? first : replicas.at(part % devices.size());
    }

    /**
     * Once a batch is fed: where a step has but one, feeds the optimizer's inputs; else says whether its gradients begin a sum or go on with it.
     *
     * @param optimizer feeds the optimizer's inputs
     */
    void begin(int part, Consumer<Workspace> optimizer) {
        if (apply == null) {
            optimizer.accept(first);
        } else if (at(part) == first) {
            first.feed(Accumulate.CARRY, part == 0 ? 0 : 1);
        }
    }

    /** Whether every device has its batch once this part of a step is fed. */
    boolean ready(int part) {
        return part % devices.size() == devices.size() - 1;
    }

    /**
     * What became not finite.
     *
     * @param device the first one where it did, from 0
     * @param what such as {@code loss became NaN}
     * @param first where that began
     */
    record Wrong(int device, String what, String first) {}

    /**
     * Computes the batches that were fed; where a step has but one, the weights move too.
     *
     * @param number of the last of these batches in the run
     * @return what went wrong: nothing was changed then; empty if all is well
     */
    Optional<Wrong> run(long seed, long number) {
        if (replicas == null) {
            return first.runIfFinite(seed, number, "loss", "norm") ? Optional.empty() : Optional.of(wrong(0));
        }
        return replicas.runIfFinite(seed, number - devices.size() + 1, "loss", "norm")
                .map(this::wrong);
    }

    /** The step that went wrong has changed no weight, so running it again node by node finds where. */
    private Wrong wrong(int device) {
        Optional<NotFinite> where =
                replicas == null ? step.program().check(first, step.places()) : replicas.check(device, step.places());
        double loss = at(device).scalar("loss");
        String what = Double.isFinite(loss)
                ? "norm of the gradient became " + at(device).scalar("norm")
                : "loss became " + loss;
        String begins = where.map(found -> "the first that is not finite is " + found)
                .orElse("node by node everything is finite");
        return new Wrong(device, what, begins);
    }

    /** The losses of the batches that were computed last. */
    double[] losses() {
        return IntStream.range(0, devices.size())
                .mapToDouble(device -> at(device).scalar("loss"))
                .toArray();
    }

    /**
     * Where a step has several batches: moves the weights by the mean of their gradients.
     *
     * @param optimizer feeds the optimizer's inputs
     */
    void move(long seed, long number, Consumer<Workspace> optimizer) {
        if (apply != null) {
            optimizer.accept(apply);
            apply.run(seed, number);
        }
    }

    @Override
    public void close() {
        if (replicas != null) {
            replicas.close();
        }
        closeOwn();
    }

    private void closeOwn() {
        first.close();
        if (apply != null) {
            apply.close();
        }
    }
}
