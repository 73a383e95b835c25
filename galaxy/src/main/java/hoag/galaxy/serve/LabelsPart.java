package hoag.galaxy.serve;

import hoag.galaxy.data.Tables;
import hoag.galaxy.labels.Change;
import hoag.galaxy.labels.Label;
import hoag.galaxy.labels.LabelStore;
import hoag.galaxy.labels.LabelTable;
import hoag.galaxy.labels.UndoException;
import hoag.galaxy.tree.Schema;
import hoag.kernels.DataException;
import hoag.kernels.HoagException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Ratings and answers: said, taken back, listed, exported. */
final class LabelsPart implements Part {
    private static final Form NAME = Form.LINE;
    private static final Form NUMBER = new Form.Whole(0, Long.MAX_VALUE);

    static final Form CHANGE = new Form.Parts(
            Form.Field.of("number", NUMBER, "its place in the order of all changes"),
            Form.Field.of("at", NAME, "when, as ISO 8601"),
            Form.Field.of("who", NAME, "did it"),
            Form.Field.of("galaxy", SurveyPart.ID, "its id"),
            Form.Field.of("tree", new Form.Text(0, 200), "the decision tree; blank for a rating"),
            Form.Field.of("question", NAME, "what was asked; rating for a rating"),
            Form.Field.of("answer", NAME, "what was said"),
            Form.Field.of("model", new Form.Text(0, 200), "fingerprint of the survey's model"),
            Form.Field.maybe("undoes", NUMBER, "the change that this one takes back"),
            Form.Field.of("undone", new Form.Flag(), "whether it was taken back"));

    private static final Form.Field KEY = Form.Field.of(
            "key", NAME, "unlike every other's: say it again when no answer came, and it is still done once");
    private static final Form.Field WHO = Form.Field.of("who", NAME, "who says so");

    private static final Form.Field GALAXY = Form.Field.of("galaxy", SurveyPart.ID, "its id");

    private static final Form SAY = new Form.Either(
            new Form.Parts(
                    KEY,
                    WHO,
                    GALAXY,
                    Form.Field.of("rating", new Form.Whole(0, 5), "0 (dull) to 5 (what is looked for)")),
            new Form.Parts(
                    KEY,
                    WHO,
                    GALAXY,
                    Form.Field.of("tree", NAME, "the decision tree"),
                    Form.Field.of("question", NAME, "one of its questions"),
                    Form.Field.of("answer", NAME, "one of its answers")));

    private static final Form UNDO = new Form.Parts(
            KEY, WHO, Form.Field.maybe("change", new Form.Whole(1, Long.MAX_VALUE), "default: the last"));

    private static final Form LISTED = new Form.Parts(
            Form.Field.of("version", NUMBER, "number of the last change"),
            Form.Field.of("changes", new Form.Many(CHANGE, 0, 1000), "oldest first"));

    private static final Form NEXT = new Form.Parts(
            Form.Field.of("next", new Form.Many(SurveyPart.ID, 0, 1000), "galaxies in the order of the seed"),
            Form.Field.of("done", NUMBER, "galaxies that this person has finished"),
            Form.Field.of("total", NUMBER, "galaxies of the survey"));

    private static final Parameter TREE = Parameter.required("tree", NAME, "the decision tree");

    /** Types of the tables that labels are handed on as, by the ending of the name. */
    private static final Map<String, String> TYPES = new TreeMap<>(Map.of(
            "csv", "text/csv",
            "fits", "application/fits",
            "parquet", "application/vnd.apache.parquet",
            "vot", "application/x-votable+xml"));

    private final Served served;
    private List<Integer> order;

    LabelsPart(Served served) {
        this.served = served;
    }

    @Override
    public List<String> tabs() {
        return List.of("label", "history");
    }

    @Override
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>(asked());
        for (String ending : TYPES.keySet()) {
            if (isThere(ending)) {
                routes.add(table(
                        "ratings",
                        ending,
                        "Ratings, the mean of people, for hoag anomalies --ratings.",
                        call -> LabelTable.ratings(served.labels())));
                routes.add(table(
                        "votes",
                        ending,
                        "Votes by a tree, for hoag finetune --catalog.",
                        call -> votes(served.tree(call.text("tree"))),
                        TREE));
                routes.add(table("history", ending, "Every change.", call -> LabelTable.history(served.labels())));
            }
        }
        return routes;
    }

    /** Whether the module that writes files of this ending is there. */
    private static boolean isThere(String ending) {
        try {
            Tables.toWrite(Path.of("labels." + ending));
            return true;
        } catch (HoagException e) {
            return false;
        }
    }

    private List<Route> asked() {
        return List.of(
                Route.post(
                        "/labels", "Somebody rates a galaxy, or answers a question about it.", SAY, CHANGE, this::say),
                Route.post("/labels/undo", "Somebody takes back what they did.", UNDO, CHANGE, this::undo),
                Route.get(
                        "/labels",
                        "What was done, in order.",
                        LISTED,
                        this::list,
                        Parameter.query("after", NUMBER, 0L, "number of the last change that is known"),
                        Parameter.query("last", new Form.Whole(1, 1000), 1000L, "no more than so many, the newest"),
                        Parameter.query("galaxy", new Form.Text(0, 1000), "", "only of this one")),
                Route.get(
                        "/labels/next",
                        "Galaxies that somebody has not finished by a tree.",
                        NEXT,
                        this::next,
                        TREE,
                        Parameter.required("who", NAME, "who labels"),
                        Parameter.query("count", new Form.Whole(1, 1000), 20L, "how many")),
                Route.get(
                        "/trees/{name}",
                        "A decision tree.",
                        new Form.Any(),
                        call -> Reply.json(served.tree(call.text("name")).toMap()),
                        Parameter.path("name", NAME, "its name")));
    }

    /** Makes a table. */
    private interface Maker {
        LabelTable table(Call call);
    }

    private static Route table(String name, String ending, String summary, Maker maker, Parameter... parameters) {
        String type = TYPES.get(ending);
        return Route.file(
                "/labels/" + name + "." + ending,
                summary,
                List.of(type),
                call -> Reply.of(type, maker.table(call).bytes(ending))
                        .header("Content-Disposition", "attachment; filename=\"" + name + "." + ending + "\""),
                parameters);
    }

    /** With the file of each galaxy where the catalogue names it, since finetuning looks for pictures by that. */
    private LabelTable votes(Schema tree) {
        LabelTable votes = LabelTable.votes(served.labels(), tree);
        boolean named =
                votes.rows().stream().anyMatch(row -> !file(row.getFirst()).isEmpty());
        return named ? votes.with("file", this::file) : votes;
    }

    private String file(String id) {
        int row = served.survey().find(id);
        return row < 0 ? "" : served.survey().columns(row).getOrDefault("file", "");
    }

    private Reply say(Call call) {
        Call said = call.body();
        served.row(said.text("galaxy"));
        Label label = label(said);
        return saved(() -> served.labels()
                .add(said.text("key"), said.text("who"), served.fingerprint(), said.text("galaxy"), label));
    }

    /** What cannot be written, as on a full disk, is no fault of who says it: they keep it and say it again. */
    private Reply saved(Supplier<Change> change) {
        try {
            return Reply.json(json(served.labels(), change.get()));
        } catch (DataException e) {
            System.getLogger(LabelsPart.class.getName()).log(System.Logger.Level.ERROR, e.getMessage());
            throw new Refusal(
                    507,
                    "the label could not be saved: is the disk full? What was saved before is safe; say it again"
                            + " later");
        }
    }

    private Label label(Call said) {
        if (said.has("rating")) {
            return new Label.Rating(said.whole("rating"));
        }
        Schema tree = served.tree(said.text("tree"));
        try {
            return new Label.Answer(said.text("tree"), said.text("question"), said.text("answer")).checked(tree);
        } catch (HoagException e) {
            throw Refusal.notFound(e.getMessage());
        }
    }

    private Reply undo(Call call) {
        Call said = call.body();
        long number = said.has("change") ? (Long) said.values().get("change") : 0;
        try {
            return saved(() -> served.labels().undo(said.text("key"), said.text("who"), served.fingerprint(), number));
        } catch (UndoException e) {
            throw new Refusal(409, e.getMessage());
        }
    }

    private Reply list(Call call) {
        LabelStore labels = served.labels();
        String galaxy = call.text("galaxy");
        List<Change> changes = labels.after((Long) call.values().get("after")).stream()
                .filter(change -> galaxy.isEmpty() || change.galaxy().equals(galaxy))
                .toList();
        int last = call.whole("last");
        return Reply.json(Map.of(
                "version",
                labels.version(),
                "changes",
                changes.subList(Math.max(0, changes.size() - last), changes.size()).stream()
                        .map(change -> json(labels, change))
                        .toList()));
    }

    static Map<String, Object> json(LabelStore labels, Change change) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("number", change.number());
        json.put("at", change.at().toString());
        json.put("who", change.who());
        json.put("galaxy", change.galaxy());
        json.put("tree", change.label().tree());
        json.put("question", change.label().question());
        json.put("answer", change.label().answer());
        json.put("model", change.model());
        if (change.undoes() != 0) {
            json.put("undoes", change.undoes());
        }
        json.put("undone", labels.isUndone(change.number()));
        return json;
    }

    private Reply next(Call call) {
        Schema tree = served.tree(call.text("tree"));
        Set<String> done = finished(tree, call.text("who"));
        List<String> next = new ArrayList<>();
        for (int row : order()) {
            String id = served.survey().id(row);
            if (next.size() < call.whole("count") && !done.contains(id)) {
                next.add(id);
            } else if (next.size() >= call.whole("count")) {
                break;
            }
        }
        return Reply.json(Map.of(
                "next", next, "done", done.size(), "total", served.survey().size()));
    }

    /** Galaxies of which somebody answered every question that their answers lead to. */
    private Set<String> finished(Schema tree, String who) {
        return served.labels().current().entrySet().stream()
                .filter(entry -> isFinished(tree, answers(entry.getValue(), tree, who)))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static Map<String, String> answers(List<Change> changes, Schema tree, String who) {
        Map<String, String> answers = new LinkedHashMap<>();
        for (Change change : changes) {
            if (change.who().equals(who) && change.label().tree().equals(tree.name())) {
                answers.put(change.label().question(), change.label().answer());
            }
        }
        return answers;
    }

    private static boolean isFinished(Schema tree, Map<String, String> answers) {
        Set<String> reached = LabelTable.reached(tree, answers);
        return tree.questions().stream()
                .filter(question ->
                        question.isRoot() || question.parents().stream().anyMatch(reached::contains))
                .allMatch(question -> answers.containsKey(question.name()));
    }

    /** Shuffled, so that people who stop early have labelled a fair sample. */
    private synchronized List<Integer> order() {
        if (order == null || order.size() != served.survey().size()) {
            order = new ArrayList<>();
            for (int row = 0; row < served.survey().size(); row++) {
                order.add(row);
            }
            java.util.Collections.shuffle(order, new Random(served.seed()));
        }
        return order;
    }
}
