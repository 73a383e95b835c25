package hoag.galaxy;

import hoag.galaxy.image.PictureCache;
import hoag.kernels.Algorithms;
import hoag.kernels.Backend;
import hoag.kernels.Backends;
import hoag.kernels.ConfigException;
import hoag.kernels.DeviceException;
import hoag.kernels.Precision;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;

/**
 * Where to compute.
 *
 * @param device cpu, cuda or reference; cuda:1 for the second GPU, cuda:0,1 or cuda:all for several that share the batches of a training
 * @param threads of the CPU, 1..1024: they compute, decode pictures, and work out intervals
 * @param exact no algorithm that trades rounding error for speed ({@link Backend#exact})
 * @param cache folder in which decoded pictures are kept for later epochs and runs ({@link PictureCache}); null for none
 * @param precision how operands of products and convolutions are rounded ({@link Backend#precision})
 * @param algorithms whose kernels compute products and convolutions ({@link Backend#algorithms})
 */
public record Compute(
        String device, int threads, boolean exact, Path cache, Precision precision, Algorithms algorithms) {
    /** @throws ConfigException when the number of threads is out of its range */
    public Compute {
        if (threads < 1 || threads > 1024) {
            throw new ConfigException("threads " + threads + " is not allowed; it must be 1..1024");
        }
    }

    /** Without a cache of pictures. */
    public Compute(String device, int threads, boolean exact) {
        this(device, threads, exact, null, Precision.FP32, Algorithms.OWN);
    }

    /** With every algorithm of the device. */
    public Compute(String device, int threads) {
        this(device, threads, false);
    }

    /** The same with another {@link #cache}. */
    public Compute cache(Path cache) {
        return new Compute(device, threads, exact, cache, precision, algorithms);
    }

    /** The same with another {@link #precision}. */
    public Compute precision(Precision precision) {
        return new Compute(device, threads, exact, cache, precision, algorithms);
    }

    /** The same with other {@link #algorithms}. */
    public Compute algorithms(Algorithms algorithms) {
        return new Compute(device, threads, exact, cache, precision, algorithms);
    }

    /** Does some work with the cache of pictures, if there is one. */
    <T> T caching(Supplier<T> work) {
        if (cache == null) {
            return work.get();
        }
        try (var pictures = new PictureCache(cache)) {
            return pictures.during(work);
        }
    }

    /** The CPU, with a thread for each core. */
    public static Compute cpu() {
        return cpu(Runtime.getRuntime().availableProcessors());
    }

    /** The CPU with so many threads. */
    public static Compute cpu(int threads) {
        return new Compute("cpu", threads);
    }

    /**
     * The device, ready; the caller closes it.
     *
     * @throws ConfigException if there is no such device
     * @throws hoag.kernels.DeviceException if it cannot run here
     */
    public Backend open() {
        Backend one = openAll();
        if (!one.peers().isEmpty()) {
            one.close();
            throw new ConfigException(
                    "--device " + device + ": only train and finetune share work among devices; name one");
        }
        return one;
    }

    /**
     * The same for work that several devices can share: the first, with the others as its {@link Backend#peers}.
     *
     * @throws ConfigException if there is no such device
     * @throws hoag.kernels.DeviceException if one cannot run here
     */
    public Backend openAll() {
        Backend backend = Backends.open(device, threads);
        Backend chosen =
                (exact ? backend.exact() : backend).precision(precision).algorithms(algorithms);
        chosen.whyNot().ifPresent(why -> {
            throw new DeviceException(why);
        });
        return chosen;
    }

    /** A pool for parallel streams: a stream that is run by a thread of a pool stays in it. */
    ForkJoinPool pool() {
        return new ForkJoinPool(threads);
    }

    /** Runs the work, parallel streams and all, on the threads of a pool; what it throws comes through as it is. */
    static <T> T within(ForkJoinPool pool, Callable<T> work) {
        try {
            return pool.submit(work).get();
        } catch (ExecutionException e) {
            switch (cause(e)) {
                case RuntimeException known -> throw known;
                case Error known -> throw known;
                case Throwable other -> throw new IllegalStateException(other);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for intervals", e);
        }
    }

    /** A pool wraps what a task throws once or twice. */
    private static Throwable cause(ExecutionException e) {
        Throwable cause = e.getCause();
        return cause.getClass() == RuntimeException.class && cause.getCause() != null ? cause.getCause() : cause;
    }
}
