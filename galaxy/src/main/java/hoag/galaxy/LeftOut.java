package hoag.galaxy;

import hoag.engine.files.AtomicFile;
import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.Csv;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The galaxies that a training does without, because their pictures cannot be used: {@code OUT.left-out.csv} with the columns id, reason and epoch.
 *
 * @param galaxies by id, in the order in which they were found
 */
record LeftOut(Map<String, Entry> galaxies) {
    /** @param epoch in which the picture was looked for in vain, from 1; 0: before the first step */
    record Entry(String reason, int epoch) {}

    static LeftOut of(Map<String, String> reasons) {
        LeftOut all = new LeftOut(new LinkedHashMap<>());
        reasons.forEach((id, reason) -> all.galaxies.put(id, new Entry(reason, 0)));
        return all;
    }

    /** Nobody, if there is no such file. */
    static LeftOut read(Path list) {
        LeftOut all = new LeftOut(new LinkedHashMap<>());
        if (Files.exists(list)) {
            Catalogue table = Catalogue.read(list);
            boolean epochs = table.columns().contains("epoch");
            table.rows()
                    .forEach(row -> all.galaxies.put(
                            row.id(), new Entry(row.text("reason"), epochs ? Integer.parseInt(row.text("epoch")) : 0)));
        }
        return all;
    }

    /** Those that take no part at all; the others are looked for again in every epoch. */
    Set<String> beforeTheFirstStep() {
        return galaxies.entrySet().stream()
                .filter(entry -> entry.getValue().epoch == 0)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** No file if there is nobody. */
    void write(Path list) {
        if (galaxies.isEmpty()) {
            remove(list);
            return;
        }
        StringBuilder lines = new StringBuilder("id,reason,epoch\n");
        galaxies.forEach(
                (id, entry) -> lines.append(Csv.line(List.of(id, entry.reason, Integer.toString(entry.epoch)))));
        AtomicFile.writeText(list, lines);
    }

    private static void remove(Path list) {
        try {
            Files.deleteIfExists(list);
        } catch (IOException e) {
            throw new DataException(list + ": cannot be removed: " + e.getMessage(), e);
        }
    }
}
