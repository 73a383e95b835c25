package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import jdk.jshell.JShell;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.execution.LocalExecutionControlProvider;
import org.junit.jupiter.api.Test;

/** {@code docs/jshell.md}: every line runs, and expressions have the values that stand below them. */
class JshellTest {
    @Test
    void thePage() throws IOException {
        String page = Files.readString(Docs.root().resolve("docs/jshell.md"));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(said, true);
                JShell shell = JShell.builder()
                        .executionEngine(new LocalExecutionControlProvider(), java.util.Map.of())
                        .compilerOptions("--add-modules", "jdk.incubator.vector")
                        .build()) {
            String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            for (String entry : path.split(java.io.File.pathSeparator)) {
                shell.addToClasspath(entry);
            }
            shell.eval("import java.util.*;");
            PrintStream before = System.out;
            System.setOut(out);
            try {
                page(page, shell);
            } finally {
                System.setOut(before);
            }
        }
        assertTrue(said.toString().contains("launches") && said.toString().contains("product"), said.toString());
    }

    private static void page(String page, JShell shell) {
        List<String> values = List.of();
        for (Docs.Block block : Docs.blocks(page)) {
            if (block.language().equals("java")) {
                values = run(block.text(), shell);
            } else if (!values.isEmpty() && !block.text().startsWith("./mvnw")) {
                assertEquals(block.text().strip(), String.join("\n", values));
            }
        }
    }

    /** Line by line, as somebody types. */
    private static List<String> statements(String code, JShell shell) {
        List<String> statements = new ArrayList<>();
        for (String line : code.lines().toList()) {
            for (String rest = line; !rest.isBlank(); ) {
                SourceCodeAnalysis.CompletionInfo next =
                        shell.sourceCodeAnalysis().analyzeCompletion(rest);
                statements.add(next.source());
                rest = next.remaining();
            }
        }
        return statements;
    }

    /** The values of lines that are expressions. */
    private static List<String> run(String code, JShell shell) {
        List<String> values = new ArrayList<>();
        for (String rest : statements(code, shell)) {
            for (SnippetEvent event : shell.eval(rest)) {
                assertEquals(
                        jdk.jshell.Snippet.Status.VALID,
                        event.status(),
                        () -> rest
                                + shell.diagnostics(event.snippet())
                                        .map(d -> d.getMessage(null))
                                        .toList());
                assertEquals(null, event.exception(), rest);
                if (!rest.strip().endsWith(";")
                        && event.value() != null
                        && !event.value().isEmpty()) {
                    values.add(shown(event.value()));
                }
            }
        }
        return values;
    }

    /** {@code float[3] { 1.0, 2.0 }} as the page writes it. */
    private static String shown(String value) {
        return value.replaceFirst("^float\\[\\d+\\] \\{ (.*) \\}$", "[$1]");
    }
}
