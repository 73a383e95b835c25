package hoag.galaxy.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** One HTML document with its style inside. */
final class Page {
    private final String title;
    private final StringBuilder style = new StringBuilder();
    private final StringBuilder body = new StringBuilder();

    Page(String title) {
        this.title = title;
        style.append(resource("page.css"));
    }

    private static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Page style(String rule) {
        style.append(rule).append('\n');
        return this;
    }

    /** HTML as it stands. */
    Page add(String html) {
        body.append(html).append('\n');
        return this;
    }

    Page section(String heading, String html) {
        return add("<section><h2>" + Html.text(heading) + "</h2>" + html + "</section>");
    }

    @Override
    public String toString() {
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="dark">
            <title>%s</title>
            <style>
            %s</style>
            </head>
            <body>
            %s</body>
            </html>
            """.formatted(Html.text(title), style, body);
    }
}
