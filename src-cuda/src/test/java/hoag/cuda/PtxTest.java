package hoag.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.Cases;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The PTX that is shipped and the PTX that is written at run time. */
class PtxTest {
    private static final Path MODULE =
            Files.exists(Path.of("src/main/java/hoag/cuda")) ? Path.of("") : Path.of("src-cuda");
    private static final Path SOURCES = MODULE.resolve("src/main/java/hoag/cuda");
    private static final Path RESOURCES = MODULE.resolve("src/main/resources/hoag/cuda");
    private static final Pattern KERNEL = Pattern.compile("(?m)^KERNEL\\(\\d+\\) (\\w+)\\(");

    /** What src-cuda/ptx-build --check says, without a shell. */
    @Test
    void thePtxIsThatOfTheSources() throws IOException {
        var lock = new TreeMap<String, String>();
        String flags = "";
        for (String line : Files.readAllLines(RESOURCES.resolve("kernels.lock"))) {
            if (!line.startsWith("#")) {
                lock.put(line.substring(0, line.indexOf(' ')), line);
            }
        }
        var script = Files.readString(MODULE.resolve("ptx-build"));
        flags = find(script, "flags=\"(.*)\"") + " " + find(script, "isa=(.*)") + "\n";
        String common = sha(join(headers(), flags));
        for (Path source : files("*.cu")) {
            String name = Ptx.resource(source.getFileName().toString().replace(".cu", "")) + ".ptx";
            String now = name + " " + sha(join(List.of(source), common + "\n")) + " "
                    + sha(Files.readAllBytes(RESOURCES.resolve(name)));
            assertEquals(lock.remove(name), now, name + " is stale: run src-cuda/ptx-build where nvcc is");
        }
        assertTrue(lock.isEmpty(), "PTX without a source: " + lock.keySet());
    }

    private static String find(String text, String pattern) {
        var found = Pattern.compile(pattern).matcher(text);
        assertTrue(found.find(), pattern);
        return found.group(1);
    }

    private static List<Path> headers() throws IOException {
        return files("*.cuh");
    }

    private static List<Path> files(String glob) throws IOException {
        var files = new ArrayList<Path>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(SOURCES, glob)) {
            found.forEach(files::add);
        }
        files.sort(null);
        return files;
    }

    private static byte[] join(List<Path> files, String end) throws IOException {
        var all = new java.io.ByteArrayOutputStream();
        for (Path file : files) {
            all.write(Files.readAllBytes(file));
        }
        all.write(end.getBytes(StandardCharsets.UTF_8));
        return all.toByteArray();
    }

    private static String sha(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everyKernelAssembles() throws IOException {
        Slot nothing = Slot.epilogue(Shape.of(2, 3), null);
        var wrong = new ArrayList<String>();
        int kernels = 0;
        for (Path source : files("*.cu")) {
            var names = KERNEL.matcher(Files.readString(source));
            while (names.find()) {
                String entry = names.group(1);
                boolean stores =
                        entry.startsWith("pointwise") || entry.startsWith("reduce_") && !entry.endsWith("finish");
                Slot slot = stores
                        ? new Slot(Shape.of(2, 3), List.of(Shape.of(2, 3)), List.of(Expr.in(0)), false)
                        : nothing;
                String text = Ptx.module(entry, slot);
                boolean newer = text.contains(".target sm_80");
                assemble(entry, text, newer ? List.of("sm_80", "sm_90") : Assembler.CHIPS, wrong);
                assertEquals(newer, text.contains("mma.sync"), entry + " is for the chips that have what it uses");
                kernels++;
            }
        }
        assertTrue(kernels > 20, kernels + " kernels");
        assertEquals(List.of(), wrong);
    }

    private static void assemble(String name, String text, List<String> chips, List<String> wrong) {
        for (String chip : chips) {
            String complaint = Assembler.complaint(text, chip);
            if (!complaint.isEmpty()) {
                wrong.add(name + ": " + complaint);
            }
        }
    }

    /** Every function of a formula, in float32 and in float64 with calls, in each kind of slot. */
    @Test
    void everyFormulaOfTheCasesAssembles() {
        Set<String> texts = new LinkedHashSet<>();
        Cases.all(1).forEach(each -> {
            switch (each.kernel()) {
                case Kernel.Pointwise pointwise -> texts.add(Ptx.module("pointwise", Slot.store(pointwise)));
                case Kernel.Reduce reduce
                when !reduce.inputs().isEmpty() ->
                    texts.add(Ptx.module(
                            "reduce_columns",
                            Slot.map(
                                    reduce,
                                    reduce.maps()
                                            .subList(
                                                    0, Math.min(4, reduce.maps().size())))));
                case Kernel.Conv2d conv
                when conv.epilogue() != null ->
                    texts.add(Ptx.module(
                            "conv2d_finish", Slot.epilogue(conv.outputs().getFirst(), conv.epilogue())));
                default -> {}
            }
        });
        assertTrue(texts.size() > 50, texts.size() + " texts");
        var wrong = new ArrayList<String>();
        texts.forEach(text -> assemble(text.substring(text.indexOf("{ // slot")), text, List.of("sm_75"), wrong));
        assertEquals(List.of(), wrong);
    }

    @Test
    void noSlotIsLeftAndNoTextIsForANewerChip() {
        String text = Ptx.module("conv2d_forward_64", Slot.epilogue(Shape.of(1, 2, 3, 3), null));
        assertFalse(text.contains("hoag."), "a slot is left");
        assertTrue(text.contains(".version 6.4") && text.contains(".target sm_75"), text.substring(0, 200));
        assertFalse(text.contains("conv2d_data_64("), "only the kernel that is wanted is given to the driver");
    }
}
