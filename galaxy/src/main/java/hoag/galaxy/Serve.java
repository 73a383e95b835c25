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

    /** The same with the survey's model at another place. */
    public Serve model(Path model) {
        return new Serve(survey, images, model, host, port, name, labels, tree, token, rate, seed, compute);
    }

    /** The same at another address; other than 127.0.0.1 and its like with a token. */
    public Serve host(String host) {
        return new Serve(survey, images, model, host, port, name, labels, tree, token, rate, seed, compute);
    }

    /** The same at a port of its own. */
    public Serve port(int port) {
        return new Serve(survey, images, model, host, port, name, labels, tree, token, rate, seed, compute);
    }

    /** The same for a machine that goes by further names. */
    public Serve name(List<String> name) {
        return new Serve(survey, images, model, host, port, name, labels, tree, token, rate, seed, compute);
    }

    /** The same with labels kept elsewhere. */
    public Serve labels(Path labels) {
        return new Serve(survey, images, model, host, port, name, labels, tree, token, rate, seed, compute);
    }

    /** The same with these decision trees first. */
    public Serve tree(List<String> tree) {
        return new Serve(survey, images, model, host, port, name, labels, tree, token, rate, seed, compute);
    }

    /** The same for those who know a token. */
    public Serve token(String token) {
        return new Serve(survey, images, model, host, port, name, labels, tree, token, rate, seed, compute);
    }

    /** The same with so many requests a second for each client. */
    public Serve rate(int rate) {
        return new Serve(survey, images, model, host, port, name, labels, tree, token, rate, seed, compute);
    }

    /** The same with galaxies in another order. */
    public Serve seed(long seed) {
        return new Serve(survey, images, model, host, port, name, labels, tree, token, rate, seed, compute);
    }

    /** The same elsewhere. */
    public Serve compute(Compute compute) {
        return new Serve(survey, images, model, host, port, name, labels, tree, token, rate, seed, compute);
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
