package hoag.galaxy.cli;

import hoag.engine.files.Json;
import hoag.galaxy.Evaluate;
import hoag.galaxy.Looks;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares a model's answers with a catalogue's. */
@Command(
        name = "evaluate",
        description = "Scores a model on galaxies whose answers are known: a table, metrics.json and report.html.",
        footer = {
            "",
            "The part of a galaxy comes from the catalogue's column split, else from its id, as in training.",
            "",
            "Examples:",
            "  hoag evaluate --model M --catalog votes.csv --images DIR --out scores --votes 40",
            "  hoag evaluate --model M --catalog classes.csv --images DIR --out scores --split all"
        })
final class EvaluateCommand implements Callable<Integer> {
    @Mixin
    Common common;

    @Mixin
    Looking looking;

    @Mixin
    Sampling sampling;

    @Option(
            names = "--catalog",
            required = true,
            paramLabel = "TABLE",
            description = "table with id (or file) and the model's label columns: CSV, FITS, Parquet, or a folder of"
                    + " images by class")
    Path catalog;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "folder of the pictures, found by the column file or by id (default: beside the catalogue)")
    Path images;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "folder for metrics.json and report.html")
    Path out;

    @Option(
            names = "--split",
            paramLabel = "PART",
            defaultValue = "test",
            description = "train, valid, test or all (default: ${DEFAULT-VALUE})")
    Evaluate.Part part;

    @Option(
            names = "--votes",
            paramLabel = "N",
            description = "volunteers for each galaxy, if the tree's columns hold fractions and not counts")
    Double votes;

    @Option(
            names = "--mistakes",
            defaultValue = "12",
            paramLabel = "N",
            description = "pictures in each gallery of a task: best, worst, most uncertain (default: ${DEFAULT-VALUE})")
    int mistakes;

    @Option(
            names = "--least-votes",
            defaultValue = "0",
            paramLabel = "N",
            description = "votes on a tree's root, for a galaxy to count in accuracies; Galaxy Zoo DECaLS took 34"
                    + " (default: ${DEFAULT-VALUE})")
    double leastVotes;

    @Override
    public Integer call() {
        Looks looks = sampling.of(looking, common.seed);
        var evaluate = new Evaluate(
                looking.model, catalog, images, out, part, votes, looks, mistakes, leastVotes, common.compute());
        try (Bar bar = new Bar(common.quiet)) {
            Evaluate.Result result = evaluate.run(bar);
            if (!result.finished()) {
                common.err().println("hoag: stopped; nothing was written");
                return Main.USER;
            }
            report(result);
            return 0;
        }
    }

    private void report(Evaluate.Result result) {
        common.leftOut(result.failed());
        if (common.json) {
            common.out().println(Json.compact(result.metrics()));
        } else if (!common.quiet) {
            result.reports().forEach(report -> report.lines().forEach(common.out()::println));
            common.out().println();
            common.out().println("page: " + result.page().toAbsolutePath().normalize());
        }
    }
}
