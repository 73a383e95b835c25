package hoag.galaxy.serve;

import hoag.galaxy.Prediction;
import hoag.galaxy.image.Images;
import hoag.galaxy.image.Picture;
import hoag.galaxy.image.PictureReader;
import hoag.galaxy.report.Finding;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What the survey's model says of pictures; only where the model is at hand. */
final class ModelPart implements Part {
    private static final Form FRACTION = new Form.Real(-1e-6, 1 + 1e-6);

    private static final Form SHARE = new Form.Parts(
            Form.Field.of("answer", new Form.Text(0, 1000), "what is said"),
            Form.Field.maybe("fraction", FRACTION, "share of volunteers who would say so, or probability"),
            Form.Field.maybe("lower", FRACTION, "5% bound"),
            Form.Field.maybe("upper", FRACTION, "95% bound"));

    private static final Form FINDING = new Form.Parts(
            Form.Field.of("question", new Form.Text(0, 1000), "what is asked"),
            Form.Field.of("asked", FRACTION, "share of volunteers who would be asked"),
            Form.Field.of("answers", new Form.Many(SHARE, 1, 1000), "most likely first"));

    private static final Form SAID = new Form.Parts(
            Form.Field.of("findings", new Form.Many(FINDING, 0, 1000), "of every tree the most likely route"),
            Form.Field.of("columns", new Form.Table(new Form.Text(0, 1000)), "what hoag predict writes"));

    private static final Form FEATURES =
            new Form.Parts(Form.Field.of("features", new Form.Many(Form.NUMBER, 1, 1_000_000), "the representation"));

    private static final Form EXAMPLE =
            new Form.Parts(Form.Field.of("example", Form.LINE, "its name for /search, until the server forgets it"));

    private final Served served;
    private final Uploads uploads;
    private final Turns turns;

    ModelPart(Served served, Uploads uploads, Turns turns) {
        this.served = served;
        this.uploads = uploads;
        this.turns = turns;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.picture("/predict", "What the model says of a picture.", SAID, call -> said(look(call))),
                Route.picture(
                        "/represent",
                        "The representation of a picture.",
                        FEATURES,
                        call -> Reply.json(Map.of("features", look(call).features()))),
                Route.picture(
                        "/examples",
                        "Keeps a picture's representation for a while, to search by.",
                        EXAMPLE,
                        call -> Reply.json(
                                Map.of("example", uploads.put(look(call).features())))),
                Route.get(
                        "/galaxies/{id}/prediction",
                        "What the model says of a galaxy whose picture file is at hand.",
                        SAID,
                        this::known,
                        SurveyPart.GALAXY));
    }

    private Prediction look(Call call) {
        return look("", () -> decode(call.bytes()));
    }

    private Prediction look(String id, Supplier<Picture> picture) {
        return turns.take(() -> served.model().predict(picture.get(), id));
    }

    private Picture decode(byte[] bytes) {
        try (PictureReader reader = new PictureReader()) {
            return reader.decode(
                    bytes, bytes.length, "picture", served.model().preprocess().bands());
        }
    }

    private Reply known(Call call) {
        String id = call.text("id");
        Path file = served.pictures().find(id, served.survey().columns(served.row(id)));
        if (file == null) {
            throw Refusal.notFound("there is no picture file of that galaxy; start the server with --images DIR");
        }
        return said(look(id, () -> Images.read(file, served.model().preprocess().bands())));
    }

    private static Reply said(Prediction prediction) {
        return Reply.json(Map.of(
                "findings", prediction.findings().stream().map(ModelPart::json).toList(),
                "columns", prediction.row()));
    }

    private static Map<String, Object> json(Finding finding) {
        List<Finding.Share> answers = new java.util.ArrayList<>(List.of(finding.best()));
        answers.addAll(finding.others());
        return Map.of(
                "question",
                finding.question(),
                "asked",
                finding.asked(),
                "answers",
                answers.stream().map(ModelPart::json).toList());
    }

    private static Map<String, Object> json(Finding.Share share) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("answer", share.answer());
        put(one, "fraction", share.fraction());
        put(one, "lower", share.lower());
        put(one, "upper", share.upper());
        return one;
    }

    private static void put(Map<String, Object> to, String name, double value) {
        if (Double.isFinite(value)) {
            to.put(name, value);
        }
    }
}
