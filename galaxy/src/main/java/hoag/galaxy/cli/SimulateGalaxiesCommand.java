package hoag.galaxy.cli;

import hoag.engine.files.Json;
import hoag.galaxy.SimulateGalaxies;
import hoag.galaxy.simulate.Observation;
import hoag.galaxy.simulate.PictureKind;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Galaxies that never were. */
@Command(
        name = "galaxies",
        description = "Makes simulated galaxies with a catalogue: the truth behind each picture, votes of simulated"
                + " volunteers in the columns of Galaxy Zoo 2's tree, and rare kinds to look for. Labelled as"
                + " simulated.",
        footer = {
            "",
            "Common: elliptical, lenticular, spiral, barred, edge_on, irregular, artifact. Rare, --rare of each: ring,"
                    + " merger,",
            "tidal, dust_lane, lens. OUT/sheet.png shows a row of each. The same seed makes the same bytes.",
            "",
            "Examples:",
            "  hoag simulate galaxies --out galaxies --count 10000",
            "  hoag simulate galaxies --out faint --count 2000 --size 128 --seeing 4 --sky 2000 --format fits",
            "  hoag train --catalog galaxies/galaxies.csv --images galaxies/images --tree gz2 --architecture resnet18"
                    + " \\",
            "      --size 64 --out simulated.safetensors",
            "  hoag finetune --catalog galaxies/galaxies.csv --images galaxies/images --label kind --from M --out N"
        })
final class SimulateGalaxiesCommand implements Callable<Integer> {
    @Mixin
    Common common;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "the folder to make")
    Path out;

    @Option(
            names = "--count",
            defaultValue = "2000",
            paramLabel = "N",
            description = "galaxies (default: ${DEFAULT-VALUE})")
    int count;

    @Option(
            names = "--rare",
            defaultValue = "0.01",
            paramLabel = "SHARE",
            description = "share of each rare kind, 0 for none (default: ${DEFAULT-VALUE})")
    double rare;

    @Option(
            names = "--size",
            defaultValue = "64",
            paramLabel = "PX",
            description = "side of a picture (default: ${DEFAULT-VALUE})")
    int size;

    @Option(
            names = "--seeing",
            defaultValue = "2.5",
            paramLabel = "PX",
            description = "full width at half maximum of a point (default: ${DEFAULT-VALUE})")
    double seeing;

    @Option(
            names = "--sky",
            defaultValue = "100",
            paramLabel = "COUNTS",
            description = "light of empty sky in a pixel; its photons are the noise (default: ${DEFAULT-VALUE})")
    double sky;

    @Option(
            names = "--people",
            defaultValue = "40",
            paramLabel = "N",
            description = "volunteers who vote on each galaxy (default: ${DEFAULT-VALUE})")
    int people;

    @Option(
            names = "--format",
            defaultValue = "png",
            paramLabel = "F",
            description = "png, in the colours of a survey, or fits, counts of g, r and z (default: ${DEFAULT-VALUE})")
    PictureKind format;

    @Override
    public Integer call() {
        var observation = new Observation(size, seeing, sky, people, format);
        SimulateGalaxies.Result result;
        try (Bar bar = new Bar(common.quiet)) {
            result = new SimulateGalaxies(out, count, rare, observation, common.cores(), common.seed).run(bar);
        }
        if (!result.finished()) {
            common.err().println("hoag: stopped; there is no catalogue yet");
            return Main.USER;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("catalogue", result.catalogue().toString());
        map.put("sheet", result.sheet().toString());
        map.put("simulated", true);
        result.kinds().forEach((kind, made) -> map.put(kind.text(), made));
        if (common.json) {
            common.out().println(Json.compact(map));
        } else if (!common.quiet) {
            common.out().println(result.catalogue() + ": " + count + " simulated galaxies");
            result.kinds()
                    .forEach((kind, made) ->
                            common.out().printf("  %-12s %6d%s%n", kind.text(), made, kind.rare() ? "  rare" : ""));
            common.out().println("  a row of each: " + result.sheet());
        }
        return 0;
    }
}
