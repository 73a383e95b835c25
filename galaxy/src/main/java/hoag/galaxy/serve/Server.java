package hoag.galaxy.serve;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import hoag.kernels.ConfigException;
import hoag.kernels.HoagException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The JDK's HTTP server with a virtual thread for each request. Every answer, refusals too, carries the headers that keep other sites and injected
 * scripts out; what went wrong inside goes to the log and never to the client.
 */
public final class Server implements AutoCloseable {
    /** Bytes of a picture. */
    static final int PICTURE = 32 << 20;

    /** Bytes of JSON. */
    static final int JSON = 64 << 10;

    private static final System.Logger LOG = System.getLogger(Server.class.getName());

    private static final Map<String, String> SAFE = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "X-Frame-Options",
            "DENY",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Permissions-Policy",
            "camera=(), microphone=(), geolocation=()");

    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Served served;
    private final Guard guard;
    private final Rates rates;
    private final Router router;
    private final List<Part> parts;
    private final Page page = new Page();
    private final Turns uploads = new Turns(4, 20);

    private Server(HttpServer http, Served served, Guard guard, Rates rates, List<Part> parts) {
        this.http = http;
        this.served = served;
        this.guard = guard;
        this.rates = rates;
        this.parts = parts;
        List<Route> all = new ArrayList<>(
                parts.stream().flatMap(part -> part.routes().stream()).toList());
        Router[] self = new Router[1];
        all.add(Route.get(
                "/openapi.json",
                "This document.",
                new Form.Any(),
                call -> Reply.json(OpenApi.of(self[0].routes(), guard.wantsToken()))));
        router = self[0] = new Router(all);
    }

    /**
     * Begins to serve; it owns what is served and closes it.
     *
     * @param host the address as it was written
     * @param names further names that the machine goes by
     * @param token what callers must know; empty for nothing
     * @param rate requests a second for each client
     * @throws ConfigException when nothing can listen there
     */
    static Server start(
            Served served, InetSocketAddress address, String host, List<String> names, String token, int rate) {
        HttpServer http = listen(address);
        Guard guard = new Guard(http.getAddress(), host, names, token);
        Server server = new Server(http, served, guard, new Rates(rate), parts(served));
        http.createContext("/", server::answer);
        http.setExecutor(server.threads);
        http.start();
        return server;
    }

    /** The JDK's server reads its limits from properties, once: no client may take its time over a request for ever, nor open connections without end. */
    private static HttpServer listen(InetSocketAddress address) {
        Map.of(
                        "sun.net.httpserver.maxReqTime", "120",
                        "sun.net.httpserver.maxRspTime", "120",
                        "sun.net.httpserver.maxReqHeaders", "60",
                        "sun.net.httpserver.maxReqHeaderSize", "32768",
                        "jdk.httpserver.maxConnections", "2000",
                        "sun.net.httpserver.maxIdleConnections", "500",
                        "sun.net.httpserver.drainAmount", "1048576",
                        "sun.net.httpserver.nodelay", "true")
                .forEach((name, value) -> System.setProperty(name, System.getProperty(name, value)));
        try {
            return HttpServer.create(address, 512);
        } catch (IOException e) {
            throw new ConfigException(
                    "--host " + address.getHostString() + " --port " + address.getPort()
                            + ": nothing can listen there: " + e.getMessage()
                            + "; choose another --port (0 for any free one)",
                    e);
        }
    }

    private static List<Part> parts(Served served) {
        Turns heavy = new Turns(served.compute().threads(), 30);
        Uploads uploads = new Uploads();
        SurveyPart survey = new SurveyPart(served);
        List<Part> parts = new ArrayList<>(List.of(survey, new PicturesPart(served, heavy)));
        parts.add(new SearchPart(served, uploads, heavy));
        MapFile map = new MapFile(served);
        parts.add(new MapPart(served, map, heavy));
        parts.add(new DensityPart(map, heavy));
        if (served.survey().size() >= 3) {
            parts.add(new AnomaliesPart(served));
        }
        parts.add(new LabelsPart(served));
        if (served.model() != null) {
            parts.add(new ModelPart(served, uploads, heavy));
        }
        survey.tabs(parts);
        return List.copyOf(parts);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return http.getAddress();
    }

    /** What to open in a browser; where a token is needed it is in the part that browsers keep to themselves. */
    public String url() {
        InetAddress at = http.getAddress().getAddress();
        String host = at.isAnyLocalAddress() ? "127.0.0.1" : at.getHostAddress().replaceFirst("%.*", "");
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + http.getAddress().getPort() + "/" + (guard.wantsToken() ? "#token=" + guard.token() : "");
    }

    /** What callers must know, empty for nothing. */
    public String token() {
        return guard.token();
    }

    /** What it serves, by method and path. */
    public List<String> routes() {
        return router.routes().stream()
                .map(route -> route.method() + " " + route.path())
                .toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply;
            try {
                reply = reply(exchange);
            } catch (Refusal e) {
                reply = refused(exchange, e);
            } catch (HoagException e) {
                reply = Reply.error(served.survey().isWhole() ? 400 : 500, withoutFolder(e.getMessage()));
            } catch (IOException e) {
                throw e;
            } catch (Exception
                    | StackOverflowError
                    | OutOfMemoryError
                    | InternalError e) { // InternalError: a mapped file was cut
                LOG.log(
                        Level.ERROR,
                        exchange.getRequestMethod() + " "
                                + exchange.getRequestURI().getPath(),
                        e);
                reply = Reply.error(500, "a defect of Hoag; the server's log says more");
            }
            send(exchange, reply);
        }
    }

    /** Where the survey lies on this machine is nobody's business. */
    private String withoutFolder(String message) {
        Path folder = served.survey().path().toAbsolutePath().getParent();
        return folder == null ? message : message.replace(folder + File.separator, "");
    }

    private Reply refused(HttpExchange exchange, Refusal e) {
        Reply reply = Reply.error(e.status(), e.getMessage());
        return switch (e.status()) {
            case 401 -> reply.header("WWW-Authenticate", "Bearer");
            case 405 ->
                reply.header(
                        "Allow",
                        String.join(
                                ", ", router.methods(exchange.getRequestURI().getRawPath())));
            case 429, 503 -> reply.header("Retry-After", "2");
            default -> reply;
        };
    }

    private Reply reply(HttpExchange exchange) throws IOException {
        String client = exchange.getRemoteAddress().getAddress().getHostAddress();
        if (!rates.allows(client, System.nanoTime())) {
            throw new Refusal(429, "too many requests; ask again in a moment");
        }
        String method = exchange.getRequestMethod().equals("HEAD") ? "GET" : exchange.getRequestMethod();
        guard.site(method, exchange.getRequestHeaders());
        URI uri = exchange.getRequestURI();
        String path = uri.getRawPath();
        if (path == null || !path.startsWith("/")) {
            throw Refusal.badRequest("the address has no path");
        }
        Page.Resource file = method.equals("GET") ? page.find(path) : null;
        if (file != null) {
            return file.tag().equals(exchange.getRequestHeaders().getFirst("If-None-Match"))
                    ? new Reply(
                            304, file.reply().type(), new byte[0], file.reply().headers())
                    : file.reply();
        }
        if (path.equals("/session")) {
            return session(method, exchange);
        }
        guard.token(exchange.getRequestHeaders());
        return call(router.find(method, path), uri.getRawQuery(), exchange);
    }

    private Reply call(Router.Found found, String query, HttpExchange exchange) throws IOException {
        return switch (found.route().body()) {
            case Route.Body.None _ -> found.route().handler().handle(Router.call(found, query, null));
            case Route.Body.Json _ -> {
                type(exchange, List.of(Reply.JSON));
                byte[] body = body(exchange, JSON);
                yield found.route().handler().handle(Router.call(found, query, body));
            }
            case Route.Body.Picture _ -> {
                type(exchange, Route.Body.Picture.TYPES);
                length(exchange, PICTURE);
                yield uploads.take(() -> found.route().handler().handle(Router.call(found, query, picture(exchange))));
            }
        };
    }

    /** Forms of other sites can send only types that are not among these. */
    private static void type(HttpExchange exchange, List<String> types) {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || !types.contains(type.replaceFirst(";.*", "").strip().toLowerCase(java.util.Locale.ROOT))) {
            throw new Refusal(415, "Content-Type must be " + String.join(" or ", types));
        }
    }

    private static byte[] picture(HttpExchange exchange) {
        try {
            return body(exchange, PICTURE);
        } catch (IOException e) {
            throw Refusal.badRequest("the picture did not arrive whole");
        }
    }

    private static void length(HttpExchange exchange, int most) {
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        if (length != null && (length.length() > 18 || Long.parseLong(length.strip()) > most)) {
            throw tooLarge(most);
        }
    }

    private static Refusal tooLarge(int most) {
        return new Refusal(413, "the body is larger than " + (most >> 10) + " KiB");
    }

    private static byte[] body(HttpExchange exchange, int most) throws IOException {
        length(exchange, most);
        InputStream in = exchange.getRequestBody();
        byte[] body = in.readNBytes(most + 1);
        if (body.length > most) {
            throw tooLarge(most);
        }
        return body;
    }

    /** A browser says the token once and gets a cookie, since pictures are asked for without headers. */
    private Reply session(String method, HttpExchange exchange) throws IOException {
        if (!method.equals("POST")) {
            throw new Refusal(405, "this address takes POST");
        }
        type(exchange, List.of(Reply.JSON));
        Form form = new Form.Parts(Form.Field.of("token", new Form.Text(1, 200), "what hoag serve printed"));
        Route route = Route.post("/session", "", form, new Form.Any(), call -> null);
        Call call = Router.call(new Router.Found(route, Map.of()), null, body(exchange, JSON))
                .body();
        if (guard.wantsToken() && !guard.knows(call.text("token"))) {
            throw new Refusal(401, "that is not this server's token");
        }
        return Reply.json(Map.of("welcome", true)).header("Set-Cookie", guard.cookie(call.text("token")));
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        SAFE.forEach(headers::set);
        headers.set("Cache-Control", "no-store");
        reply.headers().forEach(headers::set);
        headers.set("Content-Type", reply.type());
        boolean empty = reply.bytes().length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(reply.status(), empty ? -1 : reply.bytes().length);
        if (!empty) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(reply.bytes());
            }
        }
    }

    /** Stops, after requests that are at work have had a second; closes what was served. */
    @Override
    public void close() {
        http.stop(1);
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.log(Level.WARNING, "requests are still at work");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        parts.forEach(Part::close);
        served.close();
    }
}
