package hoag.galaxy.serve;

import hoag.galaxy.Anomalies;
import hoag.galaxy.active.Batch;
import hoag.galaxy.active.Covariance;
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

    /** The last answer for each rater; version and ratings say whether it still holds. */
    private record Learnt(long version, Map<String, Double> ratings, Anomalies.Result result) {}

    private final Served served;
    private final Turns turns = new Turns(1, 60);
    private final Map<String, Learnt> learnt = new HashMap<>();
    private Anomalies.Session session;
    private Survey of;
    private boolean rehearsed;

    AnomaliesPart(Served served) {
        this.served = served;
    }

    /** The components of the survey as it is now; called by one thread at a time. */
    private Anomalies.Session session() {
        Survey survey = served.survey();
        if (of != survey) {
            close();
            learnt.clear();
            session = new Anomalies(
                            survey.path(),
                            null,
                            null,
                            40,
                            Covariance.RATIONAL_QUADRATIC,
                            0.5,
                            KEPT,
                            Batch.TOP,
                            Anomalies.Start.SPREAD,
                            served.seed(),
                            served.compute())
                    .session();
            of = survey;
        }
        return session;
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
            session = null;
            of = null;
        }
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
        long asked = served.labels().version();
        Learnt now = turns.take(() -> learn(call.text("who"), asked));
        if (now.ratings().isEmpty()) {
            Thread.startVirtualThread(this::rehearse);
        }
        Survey survey = served.survey();
        List<Object> best = new ArrayList<>();
        now.result().ranked().stream().limit(call.whole("top")).forEach(each -> {
            Map<String, Object> one = SurveyPart.place(survey, survey.find(each.id()));
            if (!Double.isNaN(each.rating())) {
                one.put("rating", each.rating());
            }
            one.put("expected", each.mean());
            one.put("deviation", each.std());
            best.add(one);
        });
        List<String> next =
                now.result().next().stream().limit(call.whole("next")).toList();
        return Reply.json(
                Map.of("rated", now.ratings().size(), "version", now.version(), "next", next, "ranked", best));
    }

    /** Learns from what is said by now, unless somebody else who waited had all learnt that was said when this was asked. */
    private Learnt learn(String who, long asked) {
        Anomalies.Session known = session();
        Learnt last = learnt.get(who);
        if (last == null || last.version() < asked) {
            long version = served.labels().version();
            Map<String, Double> ratings = ratings(who);
            boolean same = last != null && ratings.equals(last.ratings());
            last = new Learnt(version, ratings, same ? last.result() : few(known.run(ratings)));
            if (learnt.size() > 20) {
                learnt.clear();
            }
            learnt.put(who, last);
        }
        return last;
    }

    /** Once, while somebody looks at the first galaxies to rate; who asks meanwhile waits no longer than without. */
    private void rehearse() {
        try {
            turns.take(() -> {
                if (!rehearsed && session != null) {
                    rehearsed = true;
                    session.rehearse();
                }
                return null;
            });
        } catch (Refusal e) {
            // the server is busy: whatever keeps it so compiles the same
        }
    }

    /** What is told of it. */
    private static Anomalies.Result few(Anomalies.Result all) {
        int most = Math.min(KEPT, all.ranked().size());
        return new Anomalies.Result(
                List.copyOf(all.ranked().subList(0, most)), all.next(), all.rated(), all.logLikelihood());
    }

    /** Means by id; galaxies that the survey does not have are passed over. */
    private Map<String, Double> ratings(String who) {
        Map<String, Double> ratings = new HashMap<>();
        LabelTable.ratings(served.labels().current(), who).forEach((id, stars) -> {
            if (served.survey().find(id) >= 0) {
                ratings.put(
                        id, stars.stream().mapToInt(Integer::intValue).average().orElseThrow());
            }
        });
        return ratings;
    }
}
