package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hoag train} in a process of its own, killed with kill -9 in the middle of epochs and started again: the bits of a run that was let be. */
class KillTest {
    private static final int KILLED = 137;

    @TempDir
    Path folder;

    private Process train(String out) throws IOException {
        String options =
                "train --catalog catalogue.csv --images pictures --label stage --architecture tf_efficientnet_lite0"
                        + " --size 32 --batch 4 --epochs 6 --ema 0.9 --threads 2 --seed 3 --out " + out;
        return new ProcessBuilder(Jvm.command(List.of(), Jvm.classPath(), Main.class, List.of(options.split(" "))))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(out + ".log").toFile())
                .start();
    }

    private void finish(String out) throws IOException, InterruptedException {
        assertEquals(0, train(out).waitFor(), () -> log(out));
    }

    private String log(String out) {
        try {
            return Files.readString(folder.resolve(out + ".log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void killed() throws IOException, InterruptedException {
        Small.examples(folder.resolve("pictures"), 0, 32);
        StringBuilder rows = new StringBuilder("id,stage,split\n");
        for (int i = 0; i < 32; i++) {
            rows.append("g").append(i).append(i % 2 == 0 ? ",early," : ",late,").append(i < 26 ? "train\n" : "valid\n");
        }
        Files.writeString(folder.resolve("catalogue.csv"), rows);

        finish("straight.hoag");
        assertTrue(killAfterAnEpoch("killed.hoag", 40), "the run ended before it was killed");
        finish("killed.hoag");

        Map<String, byte[]> wanted = Bits.ofFile(folder.resolve("straight.hoag.last"));
        Map<String, byte[]> got = Bits.ofFile(folder.resolve("killed.hoag.last"));
        assertEquals(wanted.keySet(), got.keySet());
        wanted.forEach((key, bytes) -> assertEquals(-1, java.util.Arrays.mismatch(bytes, got.get(key)), key));
        assertEquals(-1, Files.mismatch(folder.resolve("straight.hoag"), folder.resolve("killed.hoag")));
    }

    /** Waits until the run has closed an epoch, and a little more. */
    private boolean killAfterAnEpoch(String out, int millis) throws IOException, InterruptedException {
        Path last = folder.resolve(out + ".last");
        var before = Files.exists(last) ? Files.getLastModifiedTime(last) : null;
        Process process = train(out);
        while (process.isAlive()
                && (!Files.exists(last) || Files.getLastModifiedTime(last).equals(before))) {
            process.waitFor(2, TimeUnit.MILLISECONDS);
        }
        process.waitFor(millis, TimeUnit.MILLISECONDS);
        process.destroyForcibly();
        int code = process.waitFor();
        assertTrue(code == KILLED || code == 0, () -> code + ": " + log(out));
        return code == KILLED;
    }
}
