package hoag.galaxy;

import hoag.galaxy.serve.Server;
import hoag.galaxy.serve.Serving;
import hoag.kernels.ConfigException;
import java.nio.file.Path;
import java.util.List;

/**
 * Serves a survey to a browser and to programs, as {@code hoag serve}: search, anomalies, labelling, pictures, history, export.
 *
 * @param survey made by {@link Index}
 * @param images folders of the galaxies' pictures; empty for thumbnails only
 * @param model the survey's model, to look at new pictures; null for where it was when the survey was made
 * @param host address to listen at; only 127.0.0.1 and its like do without a token
 * @param port 0..65535; 0 for any that is free
 * @param name further names that the machine goes by, for the Host header
 * @param labels where labels are kept, without the ending {@code .mv.db}; null for {@code survey.labels} beside {@code survey.hoag}
 * @param tree decision trees to label by, first: built-in names or JSON files; the model's own and the built-in ones follow
 * @param token what callers must know, 16..200 characters; empty for a random one where one is needed
 * @param rate requests a second for each client, 1..1,000,000
 * @param seed of the order in which galaxies are offered for labelling, and of the angles of a picture that is looked at in several views
 * @param compute device, threads and precision
 */
public record Serve(
        Path survey,
        List<Path> images,
        Path model,
        String host,
        int port,
        List<String> name,
        Path labels,
        List<String> tree,
        String token,
        int rate,
        long seed,
        Compute compute) {
    /** Requests a second where nothing is said. */
    public static final int RATE = 300;

    /** @throws ConfigException when a value is out of its range */
    public Serve {
        images = List.copyOf(images);
        name = List.copyOf(name);
        tree = List.copyOf(tree);
        if (port < 0 || port > 65535) {
            throw new ConfigException("--port " + port + " is not allowed; it must be 0..65535");
        }
        if (rate < 1 || rate > 1_000_000) {
            throw new ConfigException("--rate " + rate + " is not allowed; it must be 1..1,000,000");
        }
        if (!token.isEmpty() && !token.matches("[A-Za-z0-9._~-]{16,200}")) {
            throw new ConfigException(
                    "--token is not allowed: want 16..200 letters, digits, or . _ ~ -; leave it out for a random one");
        }
    }

    /** At a free port of this machine, for this machine only. */
    public Serve(Path survey, Path... images) {
        this(survey, List.of(images), null, "127.0.0.1", 0, List.of(), null, List.of(), "", RATE, 42, Compute.cpu());
    }

    /**
     * Begins to serve, and returns.
     *
     * @return where; closing it stops the server
     * @throws ConfigException when nothing can listen there, or the model is not the survey's
     * @throws hoag.kernels.DataException when survey, model, images or labels cannot be opened
     */
    public Server start() {
        return Serving.start(this);
    }
}
