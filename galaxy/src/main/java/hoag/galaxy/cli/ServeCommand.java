package hoag.galaxy.cli;

import hoag.engine.files.Json;
import hoag.galaxy.Serve;
import hoag.galaxy.serve.Server;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A survey in the browser. */
@Command(
        name = "serve",
        description = "Opens a survey in the browser: search, anomalies, labelling, pictures, history, export.",
        footer = {
            "",
            "It serves this machine only (127.0.0.1) unless --host says otherwise; then a token is needed, which is"
                    + " printed.",
            "Programs ask the same: /openapi.json says what. Labels are kept beside the survey; Ctrl-C ends it.",
            "",
            "Examples:",
            "  hoag serve survey.hoag --images pictures",
            "  hoag serve survey.hoag --images pictures --tree gz2 --port 9000",
            "  hoag serve survey.hoag --host 0.0.0.0 --name galaxies.example.org --token-file token.txt"
        })
final class ServeCommand implements Callable<Integer> {
    @Mixin
    Common common;

    @Mixin
    Surveyed surveyed;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "where the galaxies' pictures are; may be given again")
    List<Path> images = List.of();

    @Option(
            names = "--model",
            paramLabel = "M",
            description = "the survey's model, to look at new pictures (default: where it was)")
    Path model;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            paramLabel = "ADDRESS",
            description = "address to listen at (default: ${DEFAULT-VALUE})")
    String host;

    @Option(
            names = "--port",
            defaultValue = "8080",
            paramLabel = "N",
            description = "0 for any that is free (default: ${DEFAULT-VALUE})")
    int port;

    @Option(names = "--name", paramLabel = "NAME", description = "a further name of this machine; may be given again")
    List<String> name = List.of();

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "where labels are kept (default: survey.labels beside survey.hoag)")
    Path labels;

    @Option(
            names = "--tree",
            paramLabel = "NAME|JSON",
            description = "a decision tree to label by, before the model's own; may be given again")
    List<String> tree = List.of();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "holds what callers must know (default: a random token, where one is needed)")
    Path tokenFile;

    @Option(
            names = "--rate",
            defaultValue = "300",
            paramLabel = "N",
            description = "requests a second for each client (default: ${DEFAULT-VALUE})")
    int rate;

    @Override
    public Integer call() throws InterruptedException {
        Serve serve = new Serve(surveyed.survey(common), images.toArray(Path[]::new))
                .model(model)
                .host(host)
                .port(port)
                .name(name)
                .labels(labels)
                .tree(tree)
                .token(token())
                .rate(rate)
                .seed(common.seed)
                .compute(common.compute());
        Server server = serve.start();
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            ended.countDown();
        }));
        if (common.json) {
            common.out()
                    .println(Json.compact(Map.of(
                            "url", server.url(), "pid", ProcessHandle.current().pid())));
        } else {
            common.out().println("open " + server.url() + " (Ctrl-C ends it)");
        }
        common.out().flush();
        ended.await();
        return 0;
    }

    private String token() {
        try {
            String token = tokenFile == null ? "" : Files.readString(tokenFile).strip();
            if (tokenFile != null && token.isEmpty()) {
                throw new DataException(tokenFile + ": is empty; want a token of 16..200 letters or digits");
            }
            return token;
        } catch (IOException e) {
            throw new DataException(tokenFile + ": cannot be read: no such file, or no permission", e);
        }
    }
}
