package hoag.galaxy.serve;

import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A headless Chromium by the WebDriver protocol, as far as the tests need it. */
final class Browser implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("successfully on port (\\d+)");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Process driver;
    private final String session;

    private Browser(Process driver, String session) {
        this.driver = driver;
        this.session = session;
    }

    /** Where the programs are; empty when one is missing. */
    static List<Path> programs() {
        List<Path> found = new ArrayList<>();
        for (List<String> names :
                List.of(List.of("chromedriver"), List.of("chromium", "chromium-browser", "google-chrome"))) {
            Stream.of(System.getenv("PATH").split(":"))
                    .flatMap(folder -> names.stream().map(name -> Path.of(folder, name)))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .ifPresent(found::add);
        }
        return found.size() == 2 ? found : List.of();
    }

    static Browser open(Path profile, int width, int height) throws IOException, InterruptedException {
        List<Path> programs = programs();
        Process driver = new ProcessBuilder(programs.getFirst().toString(), "--port=0")
                .redirectErrorStream(true)
                .start();
        BufferedReader said = new BufferedReader(new InputStreamReader(driver.getInputStream()));
        Matcher port = null;
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            port = PORT.matcher(line);
            if (port.find()) {
                break;
            }
        }
        Thread.ofVirtual().start(() -> said.lines().forEach(line -> {}));
        String root = "http://127.0.0.1:" + port.group(1);
        List<String> flags = List.of(
                "--headless",
                "--no-sandbox",
                "--use-angle=swiftshader", // WebGL without a graphics card
                "--enable-unsafe-swiftshader",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--user-data-dir=" + profile,
                "--window-size=" + width + "," + height);
        Map<String, Object> options = Map.of("binary", programs.getLast().toString(), "args", flags);
        JsonNode made = send(
                "POST",
                root + "/session",
                Map.of("capabilities", Map.of("alwaysMatch", Map.of("goog:chromeOptions", options))));
        return new Browser(driver, root + "/session/" + made.get("sessionId").string());
    }

    private static JsonNode send(String method, String address, Object body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address));
        request.method(
                method,
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(Json.compact(body)));
        String said = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString())
                .body();
        JsonNode value = Json.parse("driver", said).get("value");
        if (value.value() instanceof Map<?, ?> map && map.containsKey("error")) {
            throw new IllegalStateException(map.get("error") + ": " + map.get("message"));
        }
        return value;
    }

    void go(String url) throws IOException, InterruptedException {
        send("POST", session + "/url", Map.of("url", url));
    }

    void reload() throws IOException, InterruptedException {
        send("POST", session + "/refresh", Map.of());
    }

    /** What an expression gives. */
    Object is(String expression) throws IOException, InterruptedException {
        return send("POST", session + "/execute/sync", Map.of("script", "return " + expression, "args", List.of()))
                .value();
    }

    String text(String selector) throws IOException, InterruptedException {
        return String.valueOf(is("document.querySelector('" + selector + "')?.textContent ?? ''"));
    }

    /** Waits until an expression is true. */
    void until(String expression) throws IOException, InterruptedException {
        for (int i = 0; i < 600; i++) {
            if (Boolean.TRUE.equals(is("Boolean(" + expression + ")"))) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError(
                "never became true: " + expression + "; the page says: " + is("document.body.innerText"));
    }

    /** Presses keys, one after the other, whatever has the focus. */
    void press(String... keys) throws IOException, InterruptedException {
        List<Object> actions = new ArrayList<>();
        for (String key : keys) {
            actions.add(Map.of("type", "keyDown", "value", key));
            actions.add(Map.of("type", "keyUp", "value", key));
        }
        send(
                "POST",
                session + "/actions",
                Map.of("actions", List.of(Map.of("type", "key", "id", "keys", "actions", actions))));
    }

    /** Presses the mouse at the first place, goes to the others, and lets go. */
    void drag(int[]... places) throws IOException, InterruptedException {
        List<Object> actions = new ArrayList<>();
        for (int[] place : places) {
            actions.add(Map.of("type", "pointerMove", "x", place[0], "y", place[1], "duration", 20));
            if (actions.size() == 1) {
                actions.add(Map.of("type", "pointerDown", "button", 0));
            }
        }
        actions.add(Map.of("type", "pointerUp", "button", 0));
        send(
                "POST",
                session + "/actions",
                Map.of(
                        "actions",
                        List.of(Map.of(
                                "type",
                                "pointer",
                                "id",
                                "mouse",
                                "parameters",
                                Map.of("pointerType", "mouse"),
                                "actions",
                                actions))));
    }

    void click(String selector) throws IOException, InterruptedException {
        String element = send("POST", session + "/element", Map.of("using", "css selector", "value", selector))
                .members()
                .values()
                .iterator()
                .next()
                .string();
        send("POST", session + "/element/" + element + "/click", Map.of());
    }

    void shot(Path png) throws IOException, InterruptedException {
        Files.write(
                png,
                Base64.getDecoder()
                        .decode(send("GET", session + "/screenshot", null).string()));
    }

    @Override
    public void close() {
        driver.descendants().forEach(ProcessHandle::destroyForcibly);
        driver.destroyForcibly().onExit().join();
    }
}
