package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

class MainTest {
    @Test
    void everyCommandIsListedByTheNameItHas() {
        Main.COMMANDS.forEach(command -> assertEquals(
                command.getKey(),
                command.getValue().getAnnotation(Command.class).name()));
        assertEquals(
                Main.COMMANDS.stream().map(Map.Entry::getKey).toList(),
                Main.commandLine().getSubcommands().keySet().stream().toList());
    }

    @Test
    void onlyTheCommandThatIsRunIsRead() {
        assertEquals(
                Set.of("models"),
                Main.commandLine("models", "--json").getSubcommands().keySet());
        assertTrue(Main.commandLine("model").getSubcommands().size() > 20, "a mistyped command hides the others");
        assertTrue(Main.commandLine("--help").getSubcommands().size() > 20, "the page of help lacks commands");
    }
}
