package hoag.galaxy.serve;

import hoag.galaxy.Version;
import hoag.galaxy.labels.Change;
import hoag.galaxy.survey.Survey;
import hoag.galaxy.tree.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;

/** What the survey is, and its galaxies one by one. */
final class SurveyPart implements Part {
    static final Form ID = new Form.Text(1, 1000);
    static final Parameter GALAXY = Parameter.path("id", ID, "a galaxy's id");

    static final Parameter WHERE = Parameter.query(
            "where",
            new Form.Text(0, 2000),
            "",
            "condition on the catalogue's columns, such as mag < 17 and type = 'Sb'; blank for none");

    static final List<Form.Field> PLACE = List.of(
            Form.Field.of("id", new Form.Text(1, 1000), "its name"),
            Form.Field.maybe("ra", Form.NUMBER, "right ascension in degrees"),
            Form.Field.maybe("dec", Form.NUMBER, "declination in degrees"));

    private static final Form SURVEY = new Form.Parts(
            Form.Field.of("name", new Form.Text(1, 1000), "the file's name"),
            Form.Field.of("galaxies", new Form.Whole(0, Integer.MAX_VALUE), "how many"),
            Form.Field.of("features", new Form.Whole(1, 1_000_000), "numbers of a representation"),
            Form.Field.of("model", new Form.Text(0, 200), "fingerprint of the model that made it"),
            Form.Field.of("looks", new Form.Flag(), "whether that model is here, for new pictures"),
            Form.Field.of("columns", new Form.Many(new Form.Text(0, 1000), 0, 100_000), "of its catalogue"),
            Form.Field.of("coordinates", new Form.Flag(), "whether galaxies have places on the sky"),
            Form.Field.of("pictures", new Form.Flag(), "whether picture files are at hand"),
            Form.Field.of("tabs", new Form.Many(Form.LINE, 0, 100), "tabs of the page"),
            Form.Field.of("trees", new Form.Many(Form.LINE, 0, 1000), "decision trees, the model's own first"),
            Form.Field.of("hoag", Form.LINE, "version of the server"));

    private static final Form LISTED = new Form.Parts(
            Form.Field.of("total", new Form.Whole(0, Integer.MAX_VALUE), "how many fit"),
            Form.Field.of("galaxies", new Form.Many(new Form.Parts(PLACE), 0, 1000), "in the survey's order"));

    private static final Form ONE = new Form.Parts(join(
            PLACE,
            Form.Field.of("columns", new Form.Table(new Form.Text(0, 1_000_000)), "what the catalogue says"),
            Form.Field.of("picture", new Form.Flag(), "whether its picture file is at hand"),
            Form.Field.of("planes", new Form.Whole(0, 1_000_000), "planes of a FITS file, 0 for other kinds"),
            Form.Field.of("labels", new Form.Many(LabelsPart.CHANGE, 0, 1_000_000), "what people say of it now")));

    private final Served served;
    private final List<String> tabs = new ArrayList<>();
    private Survey columnsOf;
    private List<String> columns;

    SurveyPart(Served served) {
        this.served = served;
    }

    /** Takes the tabs of these parts. */
    void tabs(List<Part> parts) {
        parts.forEach(part -> tabs.addAll(part.tabs()));
    }

    static List<Form.Field> join(List<Form.Field> first, Form.Field... more) {
        List<Form.Field> all = new ArrayList<>(first);
        all.addAll(List.of(more));
        return all;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/survey", "What the survey is.", SURVEY, call -> survey()),
                Route.get(
                        "/galaxies",
                        "Its galaxies, page by page.",
                        LISTED,
                        this::list,
                        Parameter.query("from", new Form.Whole(0, Integer.MAX_VALUE), 0L, "how many to pass over"),
                        Parameter.query("count", new Form.Whole(1, 1000), 60L, "how many at most"),
                        Parameter.query("text", new Form.Text(0, 200), "", "a part of the id; case does not matter"),
                        WHERE),
                Route.get("/galaxies/{id}", "One galaxy.", ONE, this::one, GALAXY));
    }

    private Reply survey() {
        Survey survey = served.survey();
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("name", java.nio.file.Path.of(survey.toString()).getFileName().toString());
        about.put("galaxies", survey.size());
        about.put("features", survey.width());
        about.put("model", served.fingerprint());
        about.put("looks", served.model() != null);
        List<String> columns = columns(survey);
        about.put("columns", columns);
        about.put("coordinates", columns.contains("ra"));
        about.put("pictures", !served.pictures().isEmpty());
        about.put("tabs", tabs);
        about.put("trees", served.trees().stream().map(Schema::name).toList());
        about.put("hoag", Version.text());
        return Reply.json(about);
    }

    /** Looked up once for a survey; a larger one is another. */
    private synchronized List<String> columns(Survey survey) {
        if (survey != columnsOf) {
            columns = List.copyOf(survey.columnNames());
            columnsOf = survey;
        }
        return columns;
    }

    static Map<String, Object> place(Survey survey, int row) {
        Map<String, Object> place = new LinkedHashMap<>();
        place.put("id", survey.id(row));
        if (Double.isFinite(survey.ra(row)) && Double.isFinite(survey.dec(row))) {
            place.put("ra", survey.ra(row));
            place.put("dec", survey.dec(row));
        }
        return place;
    }

    private Reply list(Call call) {
        Survey survey = served.survey();
        String text = call.text("text").toLowerCase(Locale.ROOT);
        int from = call.whole("from");
        int count = call.whole("count");
        List<Object> galaxies = new ArrayList<>();
        int total = 0;
        if (text.isEmpty() && call.text("where").isBlank()) {
            total = survey.size();
            for (int row = from; row < total && galaxies.size() < count; row++) {
                galaxies.add(place(survey, row));
            }
        } else {
            IntPredicate allowed = served.where(call.text("where"));
            for (int row = 0; row < survey.size(); row++) {
                if ((text.isEmpty() || survey.id(row).toLowerCase(Locale.ROOT).contains(text))
                        && allowed.test(row)
                        && total++ >= from
                        && galaxies.size() < count) {
                    galaxies.add(place(survey, row));
                }
            }
        }
        return Reply.json(Map.of("total", total, "galaxies", galaxies));
    }

    private Reply one(Call call) {
        int row = served.row(call.text("id"));
        Map<String, Object> one = place(served.survey(), row);
        Map<String, String> columns = served.survey().columns(row);
        one.put("columns", columns);
        java.nio.file.Path file = served.pictures().find(call.text("id"), columns);
        one.put("picture", file != null);
        one.put("planes", file == null ? 0 : hoag.galaxy.image.Images.planes(file));
        List<Change> labels = served.labels().current(call.text("id"));
        one.put(
                "labels",
                labels.stream()
                        .map(change -> LabelsPart.json(served.labels(), change))
                        .toList());
        return Reply.json(one);
    }
}
