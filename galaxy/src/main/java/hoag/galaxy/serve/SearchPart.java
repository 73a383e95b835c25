package hoag.galaxy.serve;

import hoag.galaxy.survey.ExactSearch;
import hoag.galaxy.survey.Examples;
import hoag.galaxy.survey.Hit;
import hoag.galaxy.survey.Metric;
import hoag.galaxy.survey.Places;
import hoag.galaxy.survey.Survey;
import hoag.kernels.DataException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/** Galaxies like some and less like others. */
final class SearchPart implements Part {
    private static final Form EXAMPLES = new Form.Many(SurveyPart.ID, 0, 50);

    private static final Form FOUND = new Form.Parts(
            Form.Field.of(
                    "found",
                    new Form.Many(
                            new Form.Parts(SurveyPart.join(
                                    SurveyPart.PLACE, Form.Field.of("distance", Form.NUMBER, "small is near"))),
                            0,
                            1000),
                    "nearest first"),
            Form.Field.of("like", new Form.Many(SurveyPart.ID, 0, 50), "the examples, places as the ids found there"),
            Form.Field.of("unlike", new Form.Many(SurveyPart.ID, 0, 50), "the same"));

    private final Served served;
    private final Uploads uploads;
    private final Turns turns;

    SearchPart(Served served, Uploads uploads, Turns turns) {
        this.served = served;
        this.uploads = uploads;
        this.turns = turns;
    }

    @Override
    public List<String> tabs() {
        return List.of("search");
    }

    @Override
    public List<Route> routes() {
        String example = "an id, ra,dec in degrees, or what /examples called a picture; may be given many times";
        return List.of(Route.get(
                "/search",
                "Galaxies like these, less like those.",
                FOUND,
                this::search,
                Parameter.required("like", new Form.Many(SurveyPart.ID, 1, 50), example),
                Parameter.query("unlike", EXAMPLES, List.of(), example),
                Parameter.query("k", new Form.Whole(1, 1000), 60L, "how many"),
                SurveyPart.WHERE,
                Parameter.query(
                        "metric", new Form.Choice("euclidean", "cosine", "manhattan"), "euclidean", "the distance")));
    }

    /** Examples as representations, and the rows that are among them. */
    private final class Wanted {
        private final List<String> names = new ArrayList<>();
        private final List<float[]> features = new ArrayList<>();

        Wanted(List<String> examples, Set<Integer> rows) {
            for (String example : examples) {
                if (example.startsWith(Uploads.PREFIX)) {
                    names.add(example);
                    features.add(uploads.get(example));
                } else {
                    int row = row(example);
                    rows.add(row);
                    names.add(served.survey().id(row));
                    features.add(served.survey().row(row));
                }
            }
        }

        private int row(String example) {
            int row = served.survey().find(example);
            if (row >= 0) {
                return row;
            }
            if (Places.isPlace(example)) {
                try {
                    return Places.find(served.survey(), example);
                } catch (DataException e) {
                    throw Refusal.notFound(e.getMessage());
                }
            }
            throw Refusal.notFound("\"" + example + "\": no galaxy of the survey, and no ra,dec");
        }
    }

    private Reply search(Call call) {
        Set<Integer> rows = new HashSet<>();
        Wanted like = new Wanted(call.texts("like"), rows);
        Wanted unlike = new Wanted(call.texts("unlike"), rows);
        Metric metric = Metric.valueOf(call.text("metric").toUpperCase(Locale.ROOT));
        IntPredicate allowed = served.where(call.text("where"));
        List<Hit> hits = turns.take(() -> new ExactSearch(served.survey(), metric, served.backend())
                .nearest(
                        List.of(new Examples(like.features, unlike.features)),
                        call.whole("k"),
                        row -> !rows.contains(row) && allowed.test(row))
                .getFirst());
        return Reply.json(Map.of(
                "found", hits.stream().map(hit -> json(served.survey(), hit)).toList(),
                "like", like.names,
                "unlike", unlike.names));
    }

    private static Map<String, Object> json(Survey survey, Hit hit) {
        Map<String, Object> one = SurveyPart.place(survey, hit.row());
        one.put("distance", hit.score());
        return one;
    }
}
