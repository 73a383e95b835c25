package hoag.bench;

import hoag.engine.files.Npy;
import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.Row;
import hoag.galaxy.survey.Rows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Representations with what experts said of the galaxies: those of EFIGI's test part, or all radio galaxies. */
record Labelled(float[] values, int width, List<String> ids, Map<String, Row> attributes) {
    static Labelled efigi(Path data, Path split, Path features) {
        Map<String, Row> attributes = new HashMap<>();
        Catalogue.read(data.resolve("efigi/efigi_attributes.csv"), "PGC_name")
                .rows()
                .forEach(row -> attributes.put(row.id(), row));
        Map<String, String> part = new HashMap<>();
        Catalogue.read(split, "PGC_name").rows().forEach(row -> part.put(row.id(), row.text("split")));
        return of(features, attributes, id -> "test".equals(part.get(id)) && attributes.containsKey(id));
    }

    static Labelled radio(Path features) {
        return of(features, Map.of(), id -> true);
    }

    private static Labelled of(
            Path features, Map<String, Row> attributes, java.util.function.Predicate<String> wanted) {
        List<String> ids = Catalogue.read(Path.of(features.toString().replaceFirst("npy$", "ids.csv")))
                .ids();
        var matrix = Npy.read(features);
        int width = (int) matrix.shape()[1];
        float[] all = matrix.floats();
        List<String> kept = new ArrayList<>();
        float[] values = new float[all.length];
        for (int i = 0; i < ids.size(); i++) {
            if (wanted.test(ids.get(i))) {
                System.arraycopy(all, i * width, values, kept.size() * width, width);
                kept.add(ids.get(i));
            }
        }
        return new Labelled(java.util.Arrays.copyOf(values, kept.size() * width), width, kept, attributes);
    }

    Rows rows() {
        return Rows.of(values, width);
    }

    /** (galaxies) an attribute, 0 where it is not determined. */
    double[] attribute(String name) {
        return ids.stream()
                .mapToDouble(id -> Math.max(0, attributes.get(id).number(name)))
                .toArray();
    }

    /** (galaxies) whether the name of the image's folder is this one. */
    static boolean[] folder(Path root, List<String> ids, String name) throws java.io.IOException {
        java.util.Set<String> inside = new java.util.HashSet<>();
        try (var files = Files.walk(root)) {
            files.filter(file -> file.getParent().getFileName().toString().equals(name))
                    .forEach(file -> inside.add(file.getFileName().toString().replaceFirst("\\.[^.]*$", "")));
        }
        boolean[] is = new boolean[ids.size()];
        for (int i = 0; i < is.length; i++) {
            String id = ids.get(i);
            is[i] = inside.contains(id.substring(id.lastIndexOf('/') + 1));
        }
        return is;
    }
}
