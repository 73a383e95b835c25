package hoag.galaxy.map;

import hoag.galaxy.survey.Metric;
import hoag.galaxy.survey.Survey;
import hoag.kernels.ConfigException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is chosen for a map.
 *
 * @param method how
 * @param dims principal components that t-SNE and UMAP start from, 2..1000, or 0 for the representations as they are; fewer where there are no more
 * @param metric of UMAP and t-SNE, between those components
 * @param neighbours of UMAP, see {@link Umap}; 0 for 15, or all where there are fewer galaxies
 * @param minDist of UMAP
 * @param perplexity of t-SNE, see {@link Tsne}; 0 for 30, or a third of the galaxies where that is less
 * @param epochs rounds of UMAP and t-SNE; 0 for what each thinks right
 */
public record MapSettings(
        Method method, int dims, Metric metric, int neighbours, double minDist, double perplexity, int epochs) {
    /** UMAP on 50 components, with as many neighbours as suit the galaxies. */
    public static final MapSettings DEFAULT = new MapSettings(Method.UMAP, 50, Metric.EUCLIDEAN, 0, 0.1, 0, 0);

    private static final int NEIGHBOURS = 15;
    private static final double PERPLEXITY = 30;

    /** @throws ConfigException when a value is out of its range */
    public MapSettings {
        if (dims != 0 && (dims < 2 || dims > 1000)) {
            throw new ConfigException(
                    "--dims " + dims + " is not allowed; it must be 2..1000, or 0 for all features as they are");
        }
        new Umap(neighbours == 0 ? NEIGHBOURS : neighbours, minDist, epochs, 0);
        new Tsne(perplexity == 0 ? PERPLEXITY : perplexity, epochs);
    }

    /** The same by another method. */
    public MapSettings method(Method method) {
        return new MapSettings(method, dims, metric, neighbours, minDist, perplexity, epochs);
    }

    /** The same with another {@link #neighbours}. */
    public MapSettings neighbours(int neighbours) {
        return new MapSettings(method, dims, metric, neighbours, minDist, perplexity, epochs);
    }

    /** The same with another {@link #dims}. */
    public MapSettings dims(int dims) {
        return new MapSettings(method, dims, metric, neighbours, minDist, perplexity, epochs);
    }

    /** The same with another {@link #epochs}. */
    public MapSettings epochs(int epochs) {
        return new MapSettings(method, dims, metric, neighbours, minDist, perplexity, epochs);
    }

    /** The same with numbers of neighbours that suit so many galaxies, where nothing was said. */
    public MapSettings of(int galaxies) {
        return new MapSettings(
                method,
                dims,
                metric,
                neighbours == 0 ? Math.clamp(galaxies, 2, NEIGHBOURS) : neighbours,
                minDist,
                perplexity == 0 ? Math.clamp((galaxies - 1) / 3.0, 2, PERPLEXITY) : perplexity,
                epochs);
    }

    /** What {@link #of(int)} changed of what it does for many galaxies; blank for nothing. */
    public String fewer(int galaxies) {
        MapSettings suits = of(galaxies);
        return switch (method) {
            case UMAP ->
                neighbours == 0 && suits.neighbours < NEIGHBOURS
                        ? "--neighbours " + suits.neighbours + " instead of " + NEIGHBOURS + ": there are " + galaxies
                                + " galaxies"
                        : "";
            case TSNE ->
                perplexity == 0 && suits.perplexity < PERPLEXITY
                        ? String.format(
                                Locale.ROOT,
                                "--perplexity %.3g instead of %.0f: there are %d galaxies",
                                suits.perplexity,
                                PERPLEXITY,
                                galaxies)
                        : "";
            case PCA -> "";
        };
    }

    /** What is kept with a map of these settings. */
    public Made made(Survey survey, long seed) {
        return Made.of(survey, survey.size(), method.text(), seed, said());
    }

    /** Those that play a part, by the name of the option. */
    Map<String, String> said() {
        Map<String, String> said = new TreeMap<>();
        if (method != Method.PCA) {
            said.put("dims", dims + "");
            said.put("metric", metric.name().toLowerCase(Locale.ROOT));
            said.put("epochs", epochs + "");
        }
        if (method == Method.UMAP) {
            said.put("neighbours", neighbours + "");
            said.put("min-dist", minDist + "");
        }
        if (method == Method.TSNE) {
            said.put("perplexity", perplexity + "");
        }
        return said;
    }

    /** What a map says that it was made by. */
    public static MapSettings of(Made made) {
        Map<String, String> said = made.settings();
        return new MapSettings(
                Method.valueOf(made.method().toUpperCase(Locale.ROOT)),
                Integer.parseInt(said.getOrDefault("dims", DEFAULT.dims + "")),
                Metric.valueOf(
                        said.getOrDefault("metric", DEFAULT.metric.name()).toUpperCase(Locale.ROOT)),
                Integer.parseInt(said.getOrDefault("neighbours", DEFAULT.neighbours + "")),
                Double.parseDouble(said.getOrDefault("min-dist", DEFAULT.minDist + "")),
                Double.parseDouble(said.getOrDefault("perplexity", DEFAULT.perplexity + "")),
                Integer.parseInt(said.getOrDefault("epochs", DEFAULT.epochs + "")));
    }
}
