package hoag.galaxy.cli;

import hoag.galaxy.Curve;
import hoag.galaxy.Finetune;
import hoag.galaxy.learn.Mode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Scores against the number of labels. */
@Command(
        name = "curve",
        description = "Trains anew for every start, number of galaxies and repeat, and scores each on the test part:"
                + " cells.csv, curve.csv, curve.svg. Stopped, the same command goes on with the next cell.",
        footer = {
            "",
            "A cell learns from so many galaxies of the training part, drawn class by class, and chooses penalty or"
                    + " epoch by a",
            "quarter as many of the validation part. --mode probe (the usual one here) and head represent every galaxy"
                    + " once",
            "for all cells of a start: seconds a cell. --mode full and blocks=K train each cell: minutes.",
            "",
            "Examples:",
            "  hoag curve --catalog rings.csv --images pictures --label ring:flag --start scratch \\",
            "      --start imagenet=imagenet.safetensors --start galaxies=hoag-lite0.safetensors --sizes 25,100,400"
                    + " --repeats 5 \\",
            "      --out curve",
            "  hoag curve --catalog rings.csv --images pictures --label ring:flag --start galaxies=M --sizes 50,200"
                    + " --mode full \\",
            "      --epochs 8 --out tuned"
        })
final class CurveCommand implements Callable<Integer> {
    @Mixin
    Common common;

    @Mixin
    LearnOptions options;

    @Mixin
    TuneOptions tuning;

    @Option(
            names = "--start",
            required = true,
            paramLabel = "scratch|NAME=FILE",
            description = "what models start from: random weights, or a file under a name; may be given several times")
    List<String> starts = new ArrayList<>();

    @Option(
            names = "--sizes",
            required = true,
            split = ",",
            paramLabel = "N",
            description = "how many galaxies to learn from, such as 25,50,100")
    List<Integer> sizes = new ArrayList<>();

    @Option(
            names = "--repeats",
            defaultValue = "5",
            paramLabel = "N",
            description = "how often each is drawn anew (default: ${DEFAULT-VALUE})")
    int repeats;

    @Option(
            names = "--architecture",
            paramLabel = "NAME",
            description = "of --start scratch (default: efficientnet_b0), and of weights that do not say it themselves")
    String architecture;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder for the tables and the figure")
    Path out;

    @Override
    public Integer call() {
        var usual = options.preset() == null
                ? Finetune.RECIPE.settings(Finetune.SETTINGS.mode(Mode.PROBE))
                : options.preset().finetune();
        var recipe = options.recipe(tuning.with(options, usual), common.seed);
        var curve = new Curve(
                options.data(),
                starts.stream().map(Curve.Start::of).toList(),
                out,
                sizes,
                repeats,
                architecture,
                recipe,
                common.compute());
        if (options.print) {
            return options.print(common, recipe, java.util.Map.of());
        }
        Curve.Result result;
        try (Bar bar = new Bar(common.quiet)) {
            result = curve.run(bar);
        }
        if (common.json) {
            common.out().println(Measure.json("cells", result.cells(), "of", result.of(), "out", out));
        } else if (!common.quiet) {
            common.out()
                    .println(result.cells() + " of " + result.of() + " cells; " + out.resolve("curve.csv") + ", "
                            + out.resolve("curve.svg"));
        }
        return 0;
    }
}
