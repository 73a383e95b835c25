package hoag.galaxy.cli;

import hoag.engine.files.Json;
import hoag.galaxy.Cluster;
import hoag.galaxy.cluster.Grouping;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Groups of a survey. */
@Command(
        name = "cluster",
        description = "Groups the galaxies of a survey by likeness; the group of each becomes a column of its map.",
        footer = {
            "",
            "Groups have numbers, 0 for the largest; -1 is none (hdbscan leaves out what is like nothing else). Columns"
                    + " stay when the",
            "map is made anew; hoag serve colours by them, hoag map --out map.csv lists them.",
            "",
            "Examples:",
            "  hoag cluster survey.hoag --k 12",
            "  hoag cluster survey.hoag --method gmm --k 2,4,8,16 --covariance diag --name types",
            "  hoag cluster survey.hoag --method hdbscan --least 50 --on map --out groups.csv"
        })
final class ClusterCommand implements Callable<Integer> {
    private static final int SHOWN = 20;

    @Mixin
    Common common;

    @Mixin
    Surveyed surveyed;

    @Option(
            names = "--method",
            defaultValue = "kmeans",
            paramLabel = "NAME",
            description = "kmeans; gmm, a mixture of normal distributions, with the probability of each galaxy's group;"
                    + " hdbscan, groups of any shape and number (default: ${DEFAULT-VALUE})")
    Grouping.Method method;

    @Option(
            names = "--k",
            defaultValue = "8",
            split = ",",
            paramLabel = "N",
            description = "groups of kmeans and gmm; of several for gmm the one with the lowest BIC is taken (default:"
                    + " ${DEFAULT-VALUE})")
    List<Integer> k;

    @Option(
            names = "--covariance",
            defaultValue = "full",
            paramLabel = "NAME",
            description = "of gmm: full, or diag for groups along the axes (default: ${DEFAULT-VALUE})")
    Grouping.Covariance covariance;

    @Option(
            names = "--restarts",
            defaultValue = "10",
            paramLabel = "N",
            description = "starts of kmeans and gmm, of which the best counts (default: ${DEFAULT-VALUE})")
    int restarts;

    @Option(
            names = "--least",
            defaultValue = "10",
            paramLabel = "N",
            description = "galaxies that make a group of hdbscan (default: ${DEFAULT-VALUE})")
    int least;

    @Option(
            names = "--samples",
            defaultValue = "0",
            paramLabel = "N",
            description = "of hdbscan: the more, the denser a group must be; 0 for as many as --least (default:"
                    + " ${DEFAULT-VALUE})")
    int samples;

    @Option(
            names = "--on",
            defaultValue = "features",
            paramLabel = "NAME",
            description = "what is grouped: features, or the places on the map (default: ${DEFAULT-VALUE})")
    Cluster.On on;

    @Option(
            names = "--dims",
            defaultValue = "20",
            paramLabel = "N",
            description = "principal components of the features, 0 for all features as they are (default:"
                    + " ${DEFAULT-VALUE})")
    int dims;

    @Option(names = "--name", paramLabel = "COLUMN", description = "of the column (default: the method's)")
    String name;

    @Option(names = "--out", paramLabel = "CSV", description = "table of ids and groups")
    Path out;

    @Override
    public Integer call() {
        Grouping grouping = new Grouping(method, k, covariance, restarts, least, samples);
        try (Bar bar = new Bar(common.quiet)) {
            Cluster.Result result = new Cluster(
                            surveyed.survey(common), grouping, on, dims, name, out, common.seed, common.compute())
                    .run(bar);
            report(result);
            return result.finished() ? 0 : Main.USER;
        }
    }

    private void report(Cluster.Result result) {
        if (!result.finished()) {
            common.err().println("hoag: stopped; " + surveyed.survey + ".map is what it was; the same command goes on");
        } else if (common.json) {
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("column", result.column());
            summary.put("sizes", result.sizes());
            summary.put("none", result.none());
            summary.put("said", result.said());
            common.out().println(Json.compact(summary));
        } else if (!common.quiet) {
            table(result);
        }
    }

    private void table(Cluster.Result result) {
        result.said()
                .forEach((what, value) -> common.out().println(String.format(Locale.ROOT, "%s  %.6g", what, value)));
        for (int group = 0; group < Math.min(SHOWN, result.sizes().size()); group++) {
            common.out()
                    .println(String.format(
                            Locale.ROOT,
                            "group %d  %,d galaxies",
                            group,
                            result.sizes().get(group)));
        }
        if (result.sizes().size() > SHOWN) {
            common.out().println("... " + (result.sizes().size() - SHOWN) + " more");
        }
        common.out()
                .println(String.format(
                        Locale.ROOT,
                        "none  %,d galaxies; column %s of %s.map",
                        result.none(),
                        result.column(),
                        surveyed.survey));
    }
}
