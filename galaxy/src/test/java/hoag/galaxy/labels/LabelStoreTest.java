package hoag.galaxy.labels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.labels.Label.Answer;
import hoag.galaxy.labels.Label.Rating;
import hoag.galaxy.tree.Schema;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelStoreTest {
    @TempDir
    Path folder;

    @Test
    void undoKeepsHistoryAndReopeningKeepsAll() {
        Path file = folder.resolve("survey.labels");
        try (LabelStore store = LabelStore.open(file)) {
            store.add("a", "ann", "m1", "g1", new Rating(5));
            store.add("b", "ann", "m1", "g1", new Rating(2));
            store.add("c", "bob", "m2", "g1", new Rating(4));
            assertEquals(
                    List.of(List.of("g1", "3", "2")), LabelTable.ratings(store).rows());
            assertEquals("b", store.undo("d", "ann", "m1", 0).key().equals("d") ? "b" : "");
            assertEquals(
                    List.of(List.of("g1", "4.5000", "2")),
                    LabelTable.ratings(store).rows());
            store.undo("e", "ann", "m1", 0);
            assertEquals(
                    List.of(List.of("g1", "4", "1")), LabelTable.ratings(store).rows());
            assertThrows(UndoException.class, () -> store.undo("f", "ann", "m1", 0));
            String other = assertThrows(UndoException.class, () -> store.undo("g", "ann", "m1", 3))
                    .getMessage();
            assertEquals("change 3 is bob's; ann cannot take it back", other);
        }
        try (LabelStore store = LabelStore.open(file)) {
            assertEquals(5, store.version());
            List<List<String>> history = LabelTable.history(store).rows();
            assertEquals(List.of("ann", "ann", "bob", "ann", "ann"), column(history, 2));
            assertEquals(List.of("5", "2", "4", "2", "5"), column(history, 6));
            assertEquals(List.of("", "", "", "2", "1"), column(history, 7));
            assertEquals(List.of("m1", "m1", "m2", "m1", "m1"), column(history, 8));
            assertEquals(
                    List.of(List.of("g1", "4", "1")), LabelTable.ratings(store).rows());
        }
    }

    private static List<String> column(List<List<String>> rows, int column) {
        return rows.stream().map(row -> row.get(column)).toList();
    }

    @Test
    void saidAgainIsSaidOnce() {
        try (LabelStore store = LabelStore.open(folder.resolve("l"))) {
            Change first = store.add("same", "ann", "m", "g1", new Rating(1));
            assertEquals(first, store.add("same", "ann", "m", "g1", new Rating(1)));
            Change undone = store.undo("gone", "ann", "m", 0);
            assertEquals(undone, store.undo("gone", "ann", "m", 0));
            assertEquals(2, store.version());
            assertThrows(ConfigException.class, () -> store.add("x", " ", "m", "g", new Rating(1)));
            assertThrows(DataException.class, () -> new Rating(6));
        }
    }

    @Test
    void manyPeopleAtOnce() throws Exception {
        try (LabelStore store = LabelStore.open(folder.resolve("l"))) {
            try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int p = 0; p < 8; p++) {
                    String who = "p" + p;
                    people.submit(() -> {
                        for (int i = 0; i < 25; i++) {
                            store.add(who + "-" + i, who, "m", "g" + i, new Rating(i % 6));
                        }
                        return null;
                    });
                }
            }
            assertEquals(200, store.version());
            assertTrue(LabelTable.ratings(store).rows().stream()
                    .allMatch(row -> row.get(2).equals("8")));
        }
    }

    @Test
    void aSecondProcessIsTold() throws Exception {
        Path file = folder.resolve("l");
        Process other = writer(file, folder.resolve("said"));
        try {
            await(folder.resolve("said"), 1);
            String told = assertThrows(DataException.class, () -> LabelStore.open(file))
                    .getMessage();
            assertEquals(
                    file + ".mv.db: another hoag serve has these labels open; stop it, or give other --labels", told);
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void killedAtAnyTimeItHasWhatItAcknowledged() throws Exception {
        Path file = folder.resolve("l");
        Set<String> acknowledged = new HashSet<>();
        for (int round = 0; round < 4; round++) {
            Path said = folder.resolve("said" + round);
            Process process = writer(file, said);
            await(said, 20 + 37 * round);
            process.destroyForcibly().waitFor();
            Files.readString(said).lines().filter(line -> line.endsWith(".")).forEach(acknowledged::add);
        }
        try (LabelStore store = LabelStore.open(file)) {
            Set<String> kept =
                    store.after(0).stream().map(change -> change.key() + ".").collect(Collectors.toSet());
            Set<String> lost = new HashSet<>(acknowledged);
            lost.removeAll(kept);
            assertEquals(Set.of(), lost);
            assertTrue(kept.size() - acknowledged.size() <= 4 * 2, "two writers a round may be unacknowledged");
            assertEquals(store.version(), store.after(0).size());
        }
    }

    private static Process writer(Path file, Path said) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        classPath,
                        Writer.class.getName(),
                        file.toString())
                .redirectOutput(said.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void await(Path said, int lines) throws Exception {
        while (Files.readString(said).lines().count() < lines) {
            Thread.sleep(5);
        }
    }

    /** Two people who label until they are killed, each label printed once it is acknowledged. */
    static final class Writer {
        public static void main(String[] args) {
            LabelStore store = LabelStore.open(Path.of(args[0]));
            long begun = store.version();
            for (String who : List.of("ann", "bob")) {
                Thread.ofPlatform().start(() -> {
                    for (int i = 0; ; i++) {
                        String key = begun + who + i;
                        store.add(key, who, "m", "g" + i, new Rating(i % 6));
                        synchronized (store) {
                            System.out.println(key + ".");
                            System.out.flush();
                        }
                    }
                });
            }
        }
    }

    @Test
    void votesFollowTheTree() {
        Schema tree = Schema.named("gz2");
        try (LabelStore store = LabelStore.open(folder.resolve("l"))) {
            say(store, "ann", "g1", "smooth-or-featured-gz2", "featured-or-disk");
            say(store, "ann", "g1", "disk-edge-on-gz2", "no");
            say(store, "ann", "g1", "bar-gz2", "yes");
            say(store, "bob", "g1", "smooth-or-featured-gz2", "smooth");
            say(store, "bob", "g1", "how-rounded-gz2", "round");
            store.add("r", "bob", "m", "g2", new Rating(3));
            Map<String, String> row = row(LabelTable.votes(store, tree), 0);
            assertEquals("1", row.get("bar-gz2_yes"));
            assertEquals("1", row.get("smooth-or-featured-gz2_smooth"));
            assertEquals("", row.get("smooth-or-featured-gz2"), "one each: nobody leads");
            assertEquals("round", row.get("how-rounded-gz2"));
            say(store, "ann", "g1", "smooth-or-featured-gz2", "smooth");
            LabelTable votes = LabelTable.votes(store, tree);
            assertEquals(1, votes.rows().size());
            assertEquals("0", row(votes, 0).get("bar-gz2_yes"), "no longer asked");
            assertEquals("2", row(votes, 0).get("smooth-or-featured-gz2_smooth"));
            assertThrows(ConfigException.class, () -> new Answer("gz2", "bra", "yes").checked(tree));
            assertThrows(DataException.class, () -> new Answer("gz2", "bar-gz2", "perhaps").checked(tree));
        }
    }

    private static void say(LabelStore store, String who, String galaxy, String question, String answer) {
        store.add(
                who + galaxy + question + answer,
                who,
                "m",
                galaxy,
                new Answer("gz2", question, answer).checked(Schema.named("gz2")));
    }

    private static Map<String, String> row(LabelTable table, int row) {
        List<String> columns = new ArrayList<>(table.columns());
        return columns.stream()
                .collect(Collectors.toMap(c -> c, c -> table.rows().get(row).get(columns.indexOf(c))));
    }

    @Test
    void whatIsNoStoreIsSaidSo() throws IOException {
        Path file = folder.resolve("l");
        Files.writeString(
                folder.resolve("l.mv.db"), "not a database, only some words that are long enough".repeat(200));
        String told =
                assertThrows(DataException.class, () -> LabelStore.open(file)).getMessage();
        assertTrue(told.startsWith(file + ".mv.db: cannot be opened as labels: "), told);
        assertFalse(told.contains("\n"));
        assertThrows(DataException.class, () -> LabelStore.open(folder.resolve("none/l")));
    }
}
