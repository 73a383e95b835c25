package hoag.galaxy.serve;

import hoag.galaxy.labels.LabelTable;
import hoag.galaxy.survey.Survey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is odd, by people's ratings: retrained whenever somebody asks after a rating. */
final class AnomaliesPart implements Part {
    private static final int KEPT = 1000;

    private static final Form STARS = new Form.Real(-1e9, 1e9);

    private static final Form RANKED = new Form.Parts(
            Form.Field.of("rated", new Form.Whole(0, Integer.MAX_VALUE), "galaxies with a rating"),
            Form.Field.of("version", new Form.Whole(0, Long.MAX_VALUE), "the last change that was learnt from"),
            Form.Field.of("next", new Form.Many(SurveyPart.ID, 0, KEPT), "rate these next, the most promising first"),
            Form.Field.of(
                    "ranked",
                    new Form.Many(
                            new Form.Parts(SurveyPart.join(
                                    SurveyPart.PLACE,
                                    Form.Field.maybe("rating", STARS, "mean of what it was given"),
                                    Form.Field.of("expected", STARS, "rating that is expected"),
                                    Form.Field.of("deviation", STARS, "standard deviation of that"))),
                            0,
                            KEPT),
                    "most interesting first; none before the first rating"));

    /** The last answer for each rater; the version says whether it still holds. */
    private record Learnt(long version, Ranker.Ranked ranked, int rated) {}

    private final Served served;
    private final Ranker ranker;
    private final Turns turns = new Turns(1, 60);
    private final Map<String, Learnt> learnt = new HashMap<>();

    AnomaliesPart(Served served) {
        this.served = served;
        ranker = new Ranker(served.survey());
    }

    @Override
    public List<String> tabs() {
        return List.of("anomalies");
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get(
                "/anomalies",
                "The survey ranked by ratings, and what to rate next.",
                RANKED,
                this::ranked,
                Parameter.query("who", new Form.Text(0, 200), "", "whose ratings; blank: everybody's mean"),
                Parameter.query("top", new Form.Whole(0, KEPT), 60L, "how many of the ranked"),
                Parameter.query("next", new Form.Whole(0, KEPT), 12L, "how many to rate next")));
    }

    private Reply ranked(Call call) {
        Learnt now = turns.take(() -> learn(call.text("who")));
        Survey survey = served.survey();
        Ranker.Ranked ranked = now.ranked();
        List<Object> best = new ArrayList<>();
        for (int row : ranked.best(call.whole("top"))) {
            Map<String, Object> one = SurveyPart.place(survey, row);
            if (!Double.isNaN(ranked.rating()[row])) {
                one.put("rating", ranked.rating()[row]);
            }
            one.put("expected", ranked.mean()[row]);
            one.put("deviation", ranked.std()[row]);
            best.add(one);
        }
        List<String> next = java.util.Arrays.stream(ranked.next())
                .limit(call.whole("next"))
                .mapToObj(survey::id)
                .toList();
        return Reply.json(Map.of("rated", now.rated(), "version", now.version(), "next", next, "ranked", best));
    }

    private Learnt learn(String who) {
        long version = served.labels().version();
        Learnt last = learnt.get(who);
        if (last == null || last.version() != version) {
            Map<Integer, Double> ratings = ratings(who);
            boolean same = last != null && ratings.equals(given(last));
            last = new Learnt(version, same ? last.ranked() : ranker.rank(ratings, KEPT), ratings.size());
            if (learnt.size() > 20) {
                learnt.clear();
            }
            learnt.put(who, last);
        }
        return last;
    }

    private static Map<Integer, Double> given(Learnt last) {
        Map<Integer, Double> given = new HashMap<>();
        double[] rating = last.ranked().rating();
        for (int row = 0; row < rating.length; row++) {
            if (!Double.isNaN(rating[row])) {
                given.put(row, rating[row]);
            }
        }
        return given;
    }

    /** Means by row; galaxies that the survey does not have are passed over. */
    private Map<Integer, Double> ratings(String who) {
        Map<Integer, Double> ratings = new HashMap<>();
        LabelTable.ratings(served.labels().current(), who).forEach((id, stars) -> {
            int row = served.survey().find(id);
            if (row >= 0) {
                ratings.put(
                        row,
                        stars.stream().mapToInt(Integer::intValue).average().orElseThrow());
            }
        });
        return ratings;
    }
}
