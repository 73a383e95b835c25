package hoag.galaxy;

import hoag.engine.files.AtomicFile;
import hoag.galaxy.active.Batch;
import hoag.galaxy.active.Covariance;
import hoag.galaxy.active.GaussianProcess;
import hoag.galaxy.active.GaussianProcess.Posterior;
import hoag.galaxy.active.Improvement;
import hoag.galaxy.active.Spread;
import hoag.galaxy.data.Csv;
import hoag.galaxy.data.Outputs;
import hoag.galaxy.data.Row;
import hoag.galaxy.data.RowReader;
import hoag.galaxy.survey.Pca;
import hoag.galaxy.survey.Survey;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

/**
 * Ranks the galaxies of a survey by how interesting somebody would find them, from some ratings, and says which to rate next, as
 * {@code hoag anomalies}: a Gaussian process on whitened principal components, and the expected improvement over the highest rating (Walmsley et
 * al. 2022). Without ratings it proposes galaxies that are spread over the survey.
 *
 * @param survey made by {@link Index}
 * @param ratings table with id and rating, 0 (dull) to 5 (what is looked for); with a column user the mean counts; a row without a rating
 *     takes back an earlier one; null for none
 * @param out table of all galaxies, most interesting first; null for none
 * @param components principal components, 1..1000; fewer are used where the survey has no more
 * @param covariance of the process
 * @param tradeoff xi of the expected improvement: the larger, the more is explored
 * @param propose how many to rate next, 1..10,000
 * @param batch how those to rate next are chosen together
 * @param start what is proposed as long as there are no ratings
 * @param seed of random starts, and of those from which hyper-parameters are looked for
 * @param compute device, threads and precision
 */
public record Anomalies(
        Path survey,
        Path ratings,
        Path out,
        int components,
        Covariance covariance,
        double tradeoff,
        int propose,
        Batch batch,
        Start start,
        long seed,
        Compute compute) {
    /** Rows from which principal components are found, at most. */
    private static final int ROWS = 20_000;

    /** Ratings that are made up for a rehearsal, and how often. */
    private static final int REHEARSED = 60;

    private static final int REHEARSALS = 2;

    /** @throws ConfigException when a value is out of its range */
    public Anomalies {
        if (components < 1 || components > 1000) {
            throw new ConfigException("--components " + components + " is not allowed; it must be 1..1000");
        }
        if (!(tradeoff >= 0 && tradeoff <= 100)) {
            throw new ConfigException("--tradeoff " + tradeoff + " is not allowed; it must be 0..100");
        }
        if (propose < 1 || propose > 10_000) {
            throw new ConfigException("--propose " + propose + " is not allowed; it must be 1..10,000");
        }
    }

    /** 40 components, rational quadratic, trade-off 0.5, 10 proposals. */
    public Anomalies(Path survey, Path ratings, Path out) {
        this(
                survey,
                ratings,
                out,
                40,
                Covariance.RATIONAL_QUADRATIC,
                0.5,
                10,
                Batch.TOP,
                Start.SPREAD,
                42,
                Compute.cpu());
    }

    /** The same, written elsewhere, or nowhere. */
    Anomalies out(Path out) {
        return new Anomalies(
                survey, ratings, out, components, covariance, tradeoff, propose, batch, start, seed, compute);
    }

    /** What to rate first. */
    public enum Start {
        /** Galaxies that are far from each other. */
        SPREAD,
        /** Any. */
        RANDOM
    }

    /**
     * What is known of a galaxy.
     *
     * @param rating what it was given, NaN for none
     * @param mean rating that is expected of it
     * @param std standard deviation of that
     * @param improvement expected over the highest rating
     */
    public record Ranked(String id, double rating, double mean, double std, double improvement) {
        /** The rating it was given, failing that the expected one. */
        public double score() {
            return Double.isNaN(rating) ? mean : rating;
        }
    }

    /**
     * How it ended.
     *
     * @param ranked all galaxies by score, largest first; empty without ratings
     * @param next ids of the galaxies to rate next, the most promising first
     * @param rated how many ratings there are
     * @param logLikelihood of the fit, NaN without ratings
     */
    public record Result(List<Ranked> ranked, List<String> next, int rated, double logLikelihood) {}

    /**
     * Fits, ranks and writes.
     *
     * @throws DataException when the survey is empty, a rating is no number of 0..5, or is that of a galaxy the survey has not
     */
    public Result run() {
        try (Session session = session()) {
            return session.run();
        }
    }

    /**
     * Finds the principal components once, to learn from the ratings again and again.
     *
     * @throws DataException when the survey is empty
     */
    public Session session() {
        if (out != null) {
            Outputs.csv(out);
        }
        return new Session(this);
    }

    /** A survey, open, whose components are known. Used by one thread. */
    public static final class Session implements AutoCloseable {
        private final Anomalies wanted;
        private final Survey open;
        private final ForkJoinPool pool;
        private final double[][] points;

        private Session(Anomalies wanted) {
            this.wanted = wanted;
            open = Survey.open(wanted.survey);
            pool = wanted.compute.pool();
            try {
                if (open.size() < 3) {
                    throw new DataException(wanted.survey + ": has " + open.size()
                            + (open.size() == 1 ? " galaxy" : " galaxies") + "; want 3 or more to rank");
                }
                int most = Math.min(open.width(), Math.min(open.size(), ROWS) - 1);
                points = Compute.within(
                        pool,
                        () -> Pca.fit(open, Math.min(wanted.components, most), ROWS)
                                .whiten(open));
            } catch (RuntimeException | Error e) {
                close();
                throw e;
            }
        }

        /** Reads the ratings as they are now, fits, ranks and writes; see {@link Anomalies#run}. */
        public Result run() {
            double[] rating = wanted.rating(open);
            return Compute.within(pool, () -> wanted.ranked(open, points, rating));
        }

        /**
         * The same by these ratings, whatever the table says; galaxies that the survey has not are passed over.
         *
         * @param given by id, 0..5
         */
        public Result run(Map<String, Double> given) {
            double[] rating = new double[open.size()];
            Arrays.fill(rating, Double.NaN);
            given.forEach((id, stars) -> {
                int row = open.find(id);
                if (row >= 0) {
                    rating[row] = stars;
                }
            });
            return Compute.within(pool, () -> wanted.ranked(open, points, rating));
        }

        /**
         * Learns from made-up ratings and forgets them, so that the first that somebody gives are learnt from as quickly as the later ones: what
         * runs is compiled by then. At a time when nothing else is asked of this.
         */
        public void rehearse() {
            double[] rating = new double[open.size()];
            Arrays.fill(rating, Double.NaN);
            new Random(1).ints(REHEARSED, 0, rating.length).forEach(row -> rating[row] = points[row][0] > 0 ? 5 : 0);
            Anomalies unwritten = wanted.out(null);
            for (int time = 0; time < REHEARSALS; time++) {
                Compute.within(pool, () -> unwritten.ranked(open, points, rating));
            }
        }

        /** The survey. */
        public Survey survey() {
            return open;
        }

        @Override
        public void close() {
            pool.close();
            open.close();
        }
    }

    /** (rows) ratings, NaN for none: the mean over users of the last that each gave; a later row without a rating takes one back. */
    private double[] rating(Survey open) {
        double[] rating = new double[open.size()];
        Arrays.fill(rating, Double.NaN);
        Map<Integer, Map<String, Double>> given = new HashMap<>();
        if (ratings != null && Files.exists(ratings)) {
            try (RowReader rows = new RowReader(ratings, "")) {
                boolean users = rows.header().columns().contains("user");
                rows.forEachRemaining(row -> {
                    Map<String, Double> byUser = row.isBlank("rating") && open.find(row.id()) < 0
                            ? new HashMap<>()
                            : given.computeIfAbsent(place(open, row), place -> new HashMap<>());
                    byUser.put(users ? row.text("user") : "", row.isBlank("rating") ? Double.NaN : value(row));
                });
            }
        }
        given.forEach((place, byUser) -> rating[place] = byUser.values().stream()
                .mapToDouble(each -> each)
                .filter(each -> !Double.isNaN(each))
                .average()
                .orElse(Double.NaN));
        return rating;
    }

    private int place(Survey open, Row row) {
        int place = open.find(row.id());
        if (place < 0) {
            throw new DataException(row.where() + ": no such galaxy in " + survey);
        }
        return place;
    }

    private static double value(Row row) {
        double value = row.number("rating");
        if (!(value >= 0 && value <= 5)) {
            throw new DataException(row.where() + ": rating is " + value + "; want 0 (dull) to 5 (what is looked for)");
        }
        return value;
    }

    private Result ranked(Survey open, double[][] points, double[] rating) {
        int[] known = IntStream.range(0, rating.length)
                .filter(i -> !Double.isNaN(rating[i]))
                .toArray();
        if (known.length == 0) {
            return new Result(List.of(), names(open, first(points)), 0, Double.NaN);
        }
        double[] y = Arrays.stream(known).mapToDouble(i -> rating[i]).toArray();
        double[][] x = Arrays.stream(known).mapToObj(i -> points[i]).toArray(double[][]::new);
        GaussianProcess process = GaussianProcess.fit(covariance, x, y, 2, seed);
        Posterior posterior = process.predict(points);
        double best = Arrays.stream(y).max().orElseThrow();
        double[] improvement = Improvement.expected(posterior, best, tradeoff);
        List<Ranked> all = new ArrayList<>();
        double[] score = new double[rating.length];
        boolean[] rated = new boolean[rating.length];
        for (int i = 0; i < score.length; i++) {
            Ranked each = new Ranked(
                    open.id(i), rating[i], posterior.mean()[i], posterior.std()[i], improvement[i]);
            all.add(each);
            score[i] = each.score();
            rated[i] = !Double.isNaN(rating[i]);
        }
        int[] next = batch.choose(new Batch.Rated(process, points, posterior, rated, best, tradeoff), propose);
        List<Ranked> ranked = Arrays.stream(Improvement.largest(score, score.length))
                .mapToObj(all::get)
                .toList();
        if (out != null) {
            AtomicFile.writeText(out, csv(ranked));
        }
        return new Result(ranked, names(open, next), known.length, process.logLikelihood());
    }

    private int[] first(double[][] points) {
        return switch (start) {
            case SPREAD -> Spread.over(points, propose);
            case RANDOM ->
                new Random(seed)
                        .ints(0, points.length)
                        .distinct()
                        .limit(Math.min(propose, points.length))
                        .toArray();
        };
    }

    private static List<String> names(Survey open, int... rows) {
        return Arrays.stream(rows).mapToObj(open::id).toList();
    }

    private static String csv(List<Ranked> ranked) {
        StringBuilder text = new StringBuilder("rank,id,rating,expected,deviation,improvement\n");
        for (int i = 0; i < ranked.size(); i++) {
            Ranked each = ranked.get(i);
            text.append(Csv.line(List.of(
                    i + 1 + "",
                    each.id(),
                    Double.isNaN(each.rating()) ? "" : each.rating() + "",
                    String.format(Locale.ROOT, "%.6g", each.mean()),
                    String.format(Locale.ROOT, "%.6g", each.std()),
                    String.format(Locale.ROOT, "%.6g", each.improvement()))));
        }
        return text.toString();
    }
}
