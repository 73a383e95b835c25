package hoag.galaxy.cli;

import hoag.galaxy.Anomalies;
import hoag.galaxy.survey.Survey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Asks for ratings in the terminal: proposes, keeps each answer, and learns anew when all that was proposed is answered. */
final class Rater {
    private static final String KEYS = "0 (dull) to 5 (what you look for), s skip, u undo, l list, q quit";

    /** Characters of what the catalogue says: a line of the terminal must hold the question too. */
    private static final int ABOUT = 80;

    private final Anomalies.Session session;
    private final RatingLog log;
    private final BufferedReader in;
    private final PrintWriter out;
    private final Deque<String> given = new ArrayDeque<>();
    private final Set<String> skipped = new HashSet<>();

    Rater(Anomalies.Session session, RatingLog log, BufferedReader in, PrintWriter out) {
        this.session = session;
        this.log = log;
        this.in = in;
        this.out = out;
    }

    /** Until q, the end of the input, or nothing is left to rate. While the first are rated, the learning is rehearsed. */
    void run() {
        out.println(KEYS);
        CompletableFuture<Void> rehearsal = CompletableFuture.completedFuture(null);
        boolean goesOn = true;
        while (goesOn) {
            rehearsal.join();
            Anomalies.Result result = session.run();
            if (result.rated() == 0) {
                rehearsal = CompletableFuture.runAsync(session::rehearse);
            }
            List<String> next =
                    result.next().stream().filter(id -> !skipped.contains(id)).toList();
            out.println(result.rated() + " rated");
            goesOn = !next.isEmpty() && ask(next, result);
        }
    }

    /** False when there is an end to it. */
    private boolean ask(List<String> next, Anomalies.Result result) {
        for (int i = 0; i < next.size(); i++) {
            String id = next.get(i);
            out.print(id + about(id) + " > ");
            out.flush();
            String answer = line();
            switch (answer) {
                case "0", "1", "2", "3", "4", "5" -> {
                    log.add(id, answer);
                    given.push(id);
                }
                case "s" -> skipped.add(id);
                case "q" -> {
                    return false;
                }
                case "u" -> {
                    if (given.isEmpty()) {
                        out.println("nothing to undo");
                        i--;
                    } else {
                        String last = given.pop();
                        log.add(last, "");
                        out.println("taken back: " + last);
                        return true;
                    }
                }
                case "l" -> {
                    result.ranked().stream()
                            .limit(10)
                            .forEach(each ->
                                    out.println("  " + each.id() + " " + Math.round(each.score() * 100) / 100.0));
                    i--;
                }
                default -> {
                    out.println(KEYS);
                    i--;
                }
            }
        }
        return true;
    }

    private String about(String id) {
        Survey survey = session.survey();
        int row = survey.find(id);
        String known = survey.columns(row).isEmpty() ? "" : " " + survey.columns(row);
        return known.length() <= ABOUT ? known : known.substring(0, ABOUT) + " ...";
    }

    /** The end of the input is as good as q. */
    private String line() {
        try {
            String line = in.readLine();
            return line == null ? "q" : line.strip().toLowerCase(java.util.Locale.ROOT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
