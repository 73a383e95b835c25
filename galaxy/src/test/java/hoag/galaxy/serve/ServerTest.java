package hoag.galaxy.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import hoag.galaxy.data.Catalogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What the server answers: galaxies that are found, and labels that are kept. */
class ServerTest extends ServerFixture {
    @Test
    void searches() throws Exception {
        assertEquals(
                List.of("search", "map", "anomalies", "label", "history"),
                ask("/survey").get("tabs").strings());
        List<String> found = ids(ask("/search?like=g0&k=5").get("found"));
        assertTrue(found.stream().allMatch(id -> Integer.parseInt(id.substring(1)) % 4 == 0), found + "");
        assertFalse(found.contains("g0"));
        assertEquals(found, ids(ask("/search?like=10.001,-5.001&k=5").get("found")));
        assertEquals(
                List.of("g0"), ask("/search?like=10.001,-5.001&k=5").get("like").strings());
        List<String> less = ids(ask("/search?like=g1&unlike=g0&k=39").get("found"));
        assertEquals(38, less.size());
        assertTrue(less.indexOf("g4") > 20, less + "");
        assertEquals(
                List.of("g10", "g11", "g12"),
                ids(ask("/galaxies?text=G1&from=1&count=3").get("galaxies")));
        JsonNode strange = ask("/galaxies/a%2Fb%20%3C&%22'%25+%20%C3%BC");
        assertEquals(Sample.id(7), strange.get("id").string());
        assertEquals(
                "\"/etc/passwd\": no galaxy of the survey, and no ra,dec",
                error(404, Sample.get(server, "/search?like=/etc/passwd")));
        assertEquals("the survey has no galaxy of that id", error(404, Sample.get(server, "/galaxies/g99")));
    }

    @Test
    void ratesRanksAndTakesBack() throws Exception {
        JsonNode first = ask("/anomalies?next=4");
        assertEquals(0, first.get("ranked").items().size());
        assertEquals(4, first.get("next").strings().size());
        for (int i = 0; i < 12; i++) {
            say("/labels", Map.of("key", "k" + i, "who", "ann", "galaxy", Sample.id(i), "rating", i % 4 == 0 ? 5 : 0));
        }
        JsonNode learnt = ask("/anomalies?top=10");
        assertEquals(12, learnt.get("rated").integer());
        List<String> best = ids(learnt.get("ranked"));
        assertEquals(Set.of("g0", "g4", "g8"), Set.copyOf(best.subList(0, 3)));
        assertTrue(
                best.stream()
                                .filter(id -> Integer.parseInt(id.substring(1)) % 4 == 0)
                                .count()
                        >= 7,
                "what is like the rated ones comes next: " + best);
        assertEquals(0, ask("/anomalies?who=bob").get("rated").integer());
        JsonNode undone = say("/labels/undo", Map.of("key", "u", "who", "ann"));
        assertEquals("g11", undone.get("galaxy").string());
        assertEquals(12, undone.get("undoes").integer());
        assertEquals(11, ask("/anomalies").get("rated").integer());
        assertEquals(
                "ann: nothing to take back".replace("ann", "bob"),
                error(409, Sample.post(server, "/labels/undo", "{\"key\":\"v\",\"who\":\"bob\"}")));
        String csv = Sample.get(server, "/labels/ratings.csv").body();
        assertTrue(csv.startsWith("id,rating,raters\n"), csv);
        assertTrue(csv.contains("\"a/b <&\"\"'%+ ü\",0,1\n"), csv);
    }

    @Test
    void peopleLabelAtOnceAndEverythingIsThere() throws Exception {
        List<Callable<Integer>> all = new ArrayList<>();
        for (String who : List.of("ann", "bob")) {
            for (int i = 0; i < 30; i++) {
                String json = Json.compact(Map.of("key", who + i, "who", who, "galaxy", Sample.id(i), "rating", i % 6));
                all.add(() -> Sample.post(server, "/labels", json).status());
                if (i % 5 == 0) { // a browser that did not hear the answer asks again
                    all.add(() -> Sample.post(server, "/labels", json).status());
                }
            }
        }
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var said : people.invokeAll(all)) {
                assertEquals(200, said.get());
            }
        }
        JsonNode changes = ask("/labels").get("changes");
        assertEquals(60, changes.items().size());
        assertEquals(60, ask("/labels?last=1").get("version").integer());
        server.close();
        server = Sample.serve(folder.resolve("s.hoag")).start();
        assertEquals(
                Json.compact(changes.value()),
                Json.compact(ask("/labels").get("changes").value()));
    }

    @Test
    void labelsByATreeAreForFinetuning() throws Exception {
        JsonNode next = ask("/labels/next?tree=rings&who=ann&count=40");
        List<String> order = next.get("next").strings();
        assertEquals(Sample.GALAXIES, order.size());
        for (int i = 0; i < 3; i++) {
            say(
                    "/labels",
                    Map.of(
                            "key",
                            "k" + i,
                            "who",
                            "ann",
                            "galaxy",
                            order.get(i),
                            "tree",
                            "rings",
                            "question",
                            "ring",
                            "answer",
                            i == 0 ? "yes" : "no"));
        }
        JsonNode after = ask("/labels/next?tree=rings&who=ann&count=40");
        assertEquals(3, after.get("done").integer());
        assertEquals(order.subList(3, 40), after.get("next").strings());
        assertEquals(
                order,
                ask("/labels/next?tree=rings&who=bob&count=40").get("next").strings());
        String csv = Sample.get(server, "/labels/votes.csv?tree=rings").body();
        assertEquals("id,ring_yes,ring_no,ring", csv.lines().findFirst().orElseThrow());
        for (String ending : List.of("fits", "parquet")) {
            Path table = Files.write(
                    folder.resolve("votes." + ending),
                    Sample.get(server, "/labels/votes." + ending + "?tree=rings")
                            .whole()
                            .body());
            Catalogue votes = Catalogue.read(table);
            assertEquals(3, votes.size());
            assertEquals(1, java.util.Arrays.stream(votes.numbers("ring_yes")).sum());
        }
        assertEquals(4, csv.lines().count());
        assertEquals(
                "question ring of tree rings has no answer \"perhaps\"; its answers: yes, no",
                error(
                        404,
                        Sample.post(
                                server,
                                "/labels",
                                "{\"key\":\"x\",\"who\":\"a\",\"galaxy\":\"g1\",\"tree\":\"rings\",\"question\":\"ring\",\"answer\":\"perhaps\"}")));
    }
}
