package hoag.galaxy.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/** The page: files that lie beside this class, nothing else. */
final class Page {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    /** File, bytes and what tells them from others. */
    record Resource(Reply reply, String tag) {}

    private final Map<String, Resource> known = new ConcurrentHashMap<>();

    /** The file of a path, null where there is none. */
    Resource find(String path) {
        String name = path.equals("/") ? "index.html" : path.startsWith("/page/") ? path.substring(6) : "";
        if (!name.matches("[a-z]+\\.(html|css|js|svg)")) {
            return null;
        }
        Resource resource = known.get(name);
        if (resource == null) {
            resource = read(name);
            if (resource != null) {
                known.put(name, resource);
            }
        }
        return resource;
    }

    private static Resource read(String name) {
        try (InputStream in = Page.class.getResourceAsStream("page/" + name)) {
            if (in == null) {
                return null;
            }
            byte[] bytes = in.readAllBytes();
            CRC32C sum = new CRC32C();
            sum.update(bytes);
            String tag = '"' + Long.toHexString(sum.getValue()) + '-' + bytes.length + '"';
            Reply reply = Reply.of(TYPES.get(name.substring(name.lastIndexOf('.') + 1)), bytes)
                    .header("ETag", tag)
                    .header("Cache-Control", "no-cache");
            return new Resource(reply, tag);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
