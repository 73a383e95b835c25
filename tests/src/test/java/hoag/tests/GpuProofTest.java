package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import hoag.bench.GpuProof;
import hoag.cuda.StandIn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code bench/gpu} runs on a GPU, on the stand-in: it compares, counts, and says what it found. */
class GpuProofTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @BeforeEach
    void start() {
        assumeFalse(StandIn.real(), "skipped: bench/gpu is what to run on a GPU");
        StandIn.reset();
    }

    private int run(String... arguments) throws IOException {
        return GpuProof.run(new PrintStream(said, true), arguments);
    }

    @Test
    void lossesAndMemoryAreSaid() throws IOException {
        assertEquals(0, run("cuda", "test_vit", "2", "32", "5", "10"), said.toString());
        assertTrue(said.toString().endsWith("losses are those of the CPU; memory is flat\n"), said.toString());
        long rows = said.toString()
                .lines()
                .filter(line -> line.matches("\\| \\d+ .*"))
                .count();
        assertEquals(5 + 10, rows, said.toString());
        assertEquals(0, StandIn.held(), "things that were not given back");
    }

    /** Not fewer pictures, nor smaller ones: where BatchNorm sees two values, rounding decides, on the CPU beside float64 too. */
    @Test
    void lossesOfBatchNormAgree() throws IOException {
        assertEquals(0, run("cuda", "test_efficientnet", "4", "64", "2", "2"), said.toString());
    }

    @Test
    void whatCannotRunIsNoProof() throws IOException {
        assertEquals(2, run("cuda"));
        StandIn.devices(0);
        assertEquals(3, run("cuda", "test_vit", "2", "32", "1", "1"));
    }
}
