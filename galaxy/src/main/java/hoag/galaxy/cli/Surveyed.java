package hoag.galaxy.cli;

import hoag.galaxy.survey.Survey;
import hoag.kernels.HoagException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Parameters;

/** What every command has that works on a survey. */
final class Surveyed {
    @Parameters(paramLabel = "SURVEY", description = "a survey made by hoag index")
    Path survey;

    /** The survey; where a writer was stopped in the middle of a block, that is said. */
    Path survey(Common common) {
        long unfinished = Files.isRegularFile(survey) ? unfinished() : 0;
        if (unfinished > 0) {
            common.err()
                    .println(String.format(
                            Locale.ROOT,
                            "hoag: %s ends in an unfinished block of %,d bytes, whose galaxies are not seen: a writer"
                                    + " is at work, or was stopped, then the same hoag index goes on",
                            survey,
                            unfinished));
        }
        return survey;
    }

    /** What cannot be opened is for the command to say. */
    private long unfinished() {
        try (Survey open = Survey.open(survey)) {
            return open.unfinished();
        } catch (HoagException e) {
            return 0;
        }
    }
}
