package hoag.galaxy.cli;

import hoag.engine.files.Json;
import hoag.galaxy.Simulate;
import hoag.kernels.ConfigException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Pictures where none can be had. */
@Command(
        name = "simulate",
        subcommands = SimulateGalaxiesCommand.class,
        description =
                "Makes simulated cut-outs of star clusters in five bands, with a catalogue: labelled as simulated, to"
                        + " try a training before the real ones come. Galaxies: hoag simulate galaxies.",
        footer = {
            "",
            "Classes 1 (round), 2 (asymmetric), 3 (several peaks), 4 (no cluster) in the shares of NGC 1566's"
                    + " candidates (LEGUS).",
            "",
            "Examples:",
            "  hoag simulate --out clusters --count 2000",
            "  hoag simulate galaxies --out galaxies --count 10000",
            "  hoag finetune --recipe star-clusters --catalog clusters/clusters.csv --images clusters/images --label"
                    + " class \\",
            "      --bands NUV,U,B,V,I --from resnet18-imagenet.safetensors --out clusters.safetensors"
        })
final class SimulateCommand implements Callable<Integer> {
    @Mixin
    Common common;

    @Option(names = "--out", paramLabel = "DIR", description = "the folder to make")
    Path out;

    @Option(
            names = "--count",
            defaultValue = "2000",
            paramLabel = "N",
            description = "cut-outs (default: ${DEFAULT-VALUE})")
    int count;

    @Option(
            names = "--size",
            defaultValue = "48",
            paramLabel = "PX",
            description = "side of a cut-out (default: ${DEFAULT-VALUE})")
    int size;

    @Override
    public Integer call() {
        if (out == null) { // the parser would want it before "galaxies" too
            throw new ConfigException("--out DIR is missing: the folder to make (see hoag simulate --help)");
        }
        Simulate.Result result;
        try (Bar bar = new Bar(common.quiet)) {
            result = new Simulate(out, count, size, common.seed).run(bar);
        }
        if (!result.finished()) {
            common.err().println("hoag: stopped; there is no catalogue yet");
            return Main.USER;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("catalogue", result.catalogue().toString());
        map.put("simulated", true);
        result.classes().forEach((kind, made) -> map.put("class_" + kind.number(), made));
        if (common.json) {
            common.out().println(Json.compact(map));
        } else if (!common.quiet) {
            common.out()
                    .println(result.catalogue() + ": " + count + " simulated cut-outs; class 1 to 4: "
                            + result.classes().values());
        }
        return 0;
    }
}
