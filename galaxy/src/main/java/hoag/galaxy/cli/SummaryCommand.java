package hoag.galaxy.cli;

import hoag.engine.files.Json;
import hoag.galaxy.Summary;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Classes from votes. */
@Command(
        name = "summary",
        description =
                "Sorts the galaxies of Galaxy Zoo 2 into the 7 classes of its \"summary\" task by their votes: a table"
                        + " with a column summary to train on.",
        footer = {
            "",
            "The rule: follow the answer with most votes; a question counts only if more than half of all volunteers"
                    + " gave the answer",
            "that leads to it; ties decide nothing; every edge-on path is edge_on_disk. What ends early is blank.",
            "",
            "Examples:",
            "  hoag summary --catalog gz2.csv --out summary.csv",
            "  hoag summary --catalog fractions.csv --votes 40 --out summary.csv",
            "  hoag finetune --catalog summary.csv --images pictures --label summary:class --from"
                    + " hoag-lite0.safetensors \\",
            "      --mode full --out summary.safetensors"
        })
final class SummaryCommand implements Callable<Integer> {
    @Mixin
    Common common;

    @Option(names = "--catalog", required = true, paramLabel = "TABLE", description = "table with id and votes")
    Path catalog;

    @Option(names = "--join", paramLabel = "TABLE", description = "a table with the votes, joined by the ids")
    Path join;

    @Option(
            names = "--tree",
            defaultValue = "gz2",
            paramLabel = "NAME|JSON",
            description = "a tree with Galaxy Zoo 2's questions (default: ${DEFAULT-VALUE})")
    String tree;

    @Option(
            names = "--votes",
            paramLabel = "N",
            description = "volunteers for each galaxy, if the columns hold fractions and not counts")
    Double votes;

    @Option(names = "--out", required = true, paramLabel = "CSV", description = "the table to write")
    Path out;

    @Override
    public Integer call() {
        Summary.Result result = new Summary(catalog, join, tree, votes, out).run();
        if (common.json) {
            Map<String, Object> map = new LinkedHashMap<>(result.classes());
            map.put("unassigned", result.unassigned());
            common.out().println(Json.compact(map));
        } else if (!common.quiet) {
            result.classes()
                    .forEach(
                            (name, count) -> common.out().println(String.format(Locale.ROOT, "%,9d  %s", count, name)));
            common.out().println(String.format(Locale.ROOT, "%,9d  unassigned", result.unassigned()));
        }
        return 0;
    }
}
