package hoag.galaxy.tree;

import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import hoag.kernels.ConfigException;
import hoag.kernels.FormatException;
import hoag.kernels.HoagException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Trees from files: the built-in ones, which are resources beside this class, and a user's. */
final class SchemaFiles {
    /** Built-in trees; each is the resource NAME.json. */
    static final List<String> NAMES = List.of(
            "gz2",
            "gz-decals-dr12",
            "gz-decals-dr5",
            "gz-decals-dr8",
            "gz-hubble",
            "gz-hubble-v2",
            "gz-candels",
            "ukidss",
            "cosmic-dawn",
            "euclid",
            "jwst",
            "desi",
            "rings");

    private static final Map<String, String> SHORT = Map.of("gz-decals", "gz-decals-dr5");

    private SchemaFiles() {}

    static Schema named(String name) {
        return resource(resolve(name));
    }

    private static String resolve(String name) {
        var known = List.of(
                SHORT.getOrDefault(name, name),
                SHORT.getOrDefault("gz-" + name, "gz-" + name),
                name.replaceFirst("^gz-", ""));
        return known.stream().filter(NAMES::contains).findFirst().orElseThrow(() -> unknown(name));
    }

    private static ConfigException unknown(String name) {
        return new ConfigException("no tree is called \"%s\"%s; there are %s; or give the path of a .json file"
                .formatted(name, Names.hint(name, NAMES), Names.list(NAMES)));
    }

    private static Schema resource(String name) {
        try (var stream = SchemaFiles.class.getResourceAsStream(name + ".json")) {
            return schema(Json.parse(name, new String(stream.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Schema read(Path json) {
        return schema(Json.read(json));
    }

    private static Schema schema(JsonNode tree) {
        if (!(tree.value() instanceof Map<?, ?> map)) throw tree.error("is no tree; want {\"name\", \"questions\"}");
        try {
            return Schema.fromMap(map);
        } catch (HoagException e) {
            throw new FormatException("%s: %s".formatted(tree.source(), e.getMessage()), e);
        }
    }
}
