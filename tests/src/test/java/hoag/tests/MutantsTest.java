package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two mistakes are put into the product and noticed, and every mistake of the list still has its place; {@code tests/mutants} tries all. */
class MutantsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<Mutant> ALL = Mutant.read(Mutants.list(ROOT));

    @ParameterizedTest
    @ValueSource(strings = {"fold batch norm: filter not scaled", "workers: nobody waits for the others"})
    void aMistakeIsNoticed(String name) throws IOException, InterruptedException {
        Mutant mutant =
                ALL.stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
        assertNotEquals("SURVIVES", new Mutants(ROOT).verdict(mutant));
    }

    /** A test that does not run says nothing about a mistake. */
    @Test
    void aClassThatCannotBeRunIsNoVerdict() {
        Mutant known = ALL.getFirst();
        Mutant lost = new Mutant(known.name(), known.file(), "hoag.engine.NoTest", known.was(), known.becomes());
        var error = assertThrows(IllegalStateException.class, () -> new Mutants(ROOT).verdict(lost));
        assertTrue(error.getMessage().contains("hoag.engine.NoTest could not be run"), error.getMessage());
    }

    @Test
    void everyMistakeHasItsPlace() {
        assertTrue(ALL.size() > 40, ALL.size() + " mutants");
        ALL.forEach(mutant -> assertDoesNotThrow(() -> mutant.applied(ROOT), mutant.name()));
    }
}
