package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchCommandTest {
    private static final Object[] QUICK = {"--batch", 1, "--size", 32, "--warm", 0.01, "--seconds", 0.01};

    private static Hoag bench(Object... more) {
        return Hoag.run(java.util.stream.Stream.of(new Object[] {"bench", "test_resnet"}, QUICK, more)
                .flatMap(java.util.Arrays::stream)
                .toArray());
    }

    @Test
    void launchesSumToTheRun() {
        Hoag said = bench("--launches", "--json");
        assertEquals(0, said.code(), said::err);
        List<JsonNode> lines =
                said.out().lines().map(line -> Json.parse("bench", line)).toList();
        double sum = lines.stream()
                .skip(1)
                .mapToDouble(line -> line.get("ms").number() * line.get("times").number())
                .sum();
        assertEquals(lines.getFirst().get("ms").number(), sum, 1e-3 * sum);
        assertTrue(lines.stream()
                .skip(1)
                .anyMatch(line -> line.get("kernel").string().equals("conv2d")));
        Hoag table = bench("--launches");
        assertTrue(table.out().contains("conv2d") && table.out().contains("limit"), table::out);
        double kinds = table.out()
                .lines()
                .filter(line -> line.startsWith("all "))
                .mapToDouble(line -> Double.parseDouble(line.split(" +")[2]))
                .sum();
        String last = table.out().lines().toList().getLast();
        assertEquals(Double.parseDouble(last.split(" ")[0]), kinds, 0.01 * kinds + 0.05, table::out);
    }

    @Test
    void listeningTimesOnceForEachLine() {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream("a\nb\n".getBytes()));
        try {
            Hoag said = bench("--listen", "--json");
            assertEquals(2, said.out().lines().count(), said::out);
        } finally {
            System.setIn(before);
        }
    }
}
