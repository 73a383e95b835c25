package hoag.galaxy;

import hoag.engine.files.AtomicFile;
import hoag.galaxy.data.Outputs;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.simulate.ClusterKind;
import hoag.galaxy.simulate.SimulatedSet;
import hoag.galaxy.simulate.StarClusters;
import hoag.kernels.ConfigException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Simulated cut-outs of star clusters in five bands with a catalogue, as {@code hoag simulate}: {@code OUT/clusters.csv} (id, file, class 1..4, split,
 * simulated) and {@code OUT/images/*.fits}, an extension for each of NUV, U, B, V and I, SIMULATE = T in every header. The classes have the shares of
 * NGC 1566's candidates; every class is divided 70/10/20 into train, valid and test.
 *
 * @param out the folder
 * @param count cut-outs, from 20
 * @param size their side, pixels, 16..512
 * @param seed another seed, other clusters
 */
public record Simulate(Path out, int count, int size, long seed) {
    private static final int LEAST = 20;

    /** @throws ConfigException when a value is out of its range */
    public Simulate {
        if (count < LEAST || count > 10_000_000) {
            throw new ConfigException("--count " + count + " is not allowed; it must be 20..10000000");
        }
        if (size < 16 || size > 512) {
            throw new ConfigException("--size " + size + " is not allowed; it must be 16..512");
        }
    }

    /** Cut-outs of 48 pixels. */
    public Simulate(Path out, int count) {
        this(out, count, 48, 42);
    }

    /**
     * How it ended.
     *
     * @param catalogue the table
     * @param classes how many of each
     * @param finished false when the progress said to stop: there is no table then
     */
    public record Result(Path catalogue, Map<ClusterKind, Integer> classes, boolean finished) {}

    /** @throws hoag.kernels.DataException when the folder cannot be written */
    public Result run(Progress progress) {
        Path images = Outputs.folder(Outputs.folder(out).resolve("images"));
        Path catalogue = out.resolve("clusters.csv");
        Outputs.remove(catalogue); // it is of other cut-outs from now on
        Map<ClusterKind, Integer> made = new EnumMap<>(ClusterKind.class);
        StringBuilder table = new StringBuilder("id,file,class,split,simulated\n");
        int done = 0;
        for (ClusterKind kind : ClusterKind.values()) {
            int wanted = count(kind);
            for (int i = 0; i < wanted; i++) {
                if (progress.stopping()) {
                    return new Result(catalogue, made, false);
                }
                String id = "sim%07d".formatted(done);
                StarClusters.write(images.resolve(id + ".fits"), kind, size, seed, done);
                table.append(String.join(
                        ",",
                        List.of(
                                id,
                                id + ".fits",
                                String.valueOf(kind.number()),
                                SimulatedSet.split(i, wanted),
                                "yes")));
                table.append('\n');
                progress.at("cut-outs", ++done, count, "");
            }
            made.put(kind, wanted);
        }
        AtomicFile.writeText(catalogue, table);
        return new Result(catalogue, made, true);
    }

    /** The last class takes what rounding left over. */
    private int count(ClusterKind kind) {
        int before = 0;
        for (ClusterKind each : ClusterKind.values()) {
            int own = (int) Math.round(each.share() * count);
            if (each == kind) {
                return kind == ClusterKind.NONE ? count - before : own;
            }
            before += own;
        }
        throw new IllegalStateException("a kind that is none of its values");
    }
}
