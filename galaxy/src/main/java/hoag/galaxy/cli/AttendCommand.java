package hoag.galaxy.cli;

import hoag.engine.files.Json;
import hoag.galaxy.Attend;
import hoag.galaxy.Looks;
import hoag.galaxy.attend.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a model looks. */
@Command(
        name = "attend",
        description = "Draws where a model looks: each picture as the network sees it, and the same under a map.",
        footer = {
            "",
            "Of convolutional networks Grad-CAM: the evidence for one answer. Of vision transformers attention, which"
                    + " asks for no answer.",
            "Maps are as coarse as the network's last layer, 1/32 of the picture for most; --size 2 or 4 times the"
                    + " model's makes them finer.",
            "Each map is scaled to its own brightest place, attention also to its faintest: where there is next to no"
                    + " evidence, that is noise.",
            "",
            "Examples:",
            "  hoag attend galaxy.jpg --model M --out maps",
            "  hoag attend my-galaxies/ --model M --out maps --answer bar-gz2_yes --size 256",
            "  hoag attend galaxy.jpg --model VIT --out maps --method attention"
        })
final class AttendCommand implements Callable<Integer> {
    @Mixin
    Common common;

    @Mixin
    Sources sources;

    @Mixin
    Looking looking;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "folder for the pictures, ID.ANSWER.png")
    Path out;

    @Option(
            names = "--answer",
            paramLabel = "NAME",
            description =
                    "what to explain: an answer (bar-gz2_yes), a class, a column (default: the likeliest answer of"
                            + " the first question)")
    String answer;

    @Option(
            names = "--method",
            paramLabel = "HOW",
            description = "gradcam, rollout (attention of all blocks) or attention (of the last) (default: gradcam, of"
                    + " transformers rollout)")
    Method method;

    @Option(
            names = "--size",
            paramLabel = "N",
            description = "pixels of a side that the network is shown (default: the model's)")
    Integer size;

    @Option(
            names = "--side",
            defaultValue = "320",
            paramLabel = "N",
            description = "pixels of a drawn picture's side (default: ${DEFAULT-VALUE})")
    int side;

    @Override
    public Integer call() {
        Looks looks = new Looks(looking.batch, 1, 1, looking.strict, common.seed);
        var attend =
                new Attend(looking.model, sources.pictures(), out, answer, method, size, side, looks, common.compute());
        try (Bar bar = new Bar(common.quiet)) {
            Attend.Result result = attend.run(bar);
            common.leftOut(result.failed());
            tell(result.files());
            return result.finished() ? 0 : Main.USER;
        }
    }

    private void tell(List<Path> files) {
        if (common.json) {
            common.out()
                    .println(Json.compact(
                            Map.of("files", files.stream().map(Path::toString).toList())));
        } else if (!common.quiet) {
            files.forEach(common.out()::println);
        }
    }
}
