package hoag.galaxy.survey;

import hoag.kernels.Backend;

/**
 * A way to search a survey, with what it keeps open.
 *
 * @param codes null where they are not needed
 */
public record Nearby(Neighbours search, Codes codes) implements AutoCloseable {
    /** Bytes of features from which on {@link Way#AUTO} goes by codes. */
    private static final long LARGE = 1L << 30;

    /**
     * The way that was asked for; codes and graph are made where there are none, or where the survey has grown, on all threads of the pool that
     * calls, and kept beside the survey.
     *
     * @param backend for products
     * @throws hoag.kernels.DataException when codes or graph cannot be written
     */
    public static Nearby of(Survey survey, Metric metric, Way way, Backend backend) {
        return switch (way) {
            case EXACT -> new Nearby(new ExactSearch(survey, metric, backend), null);
            case CODES -> byCodes(survey, metric);
            case GRAPH -> byGraph(survey, metric);
            case AUTO -> {
                if (Graph.current(survey, metric) && Codes.current(survey)) {
                    yield byGraph(survey, metric);
                }
                yield 4L * survey.size() * survey.width() > LARGE || Codes.current(survey)
                        ? byCodes(survey, metric)
                        : new Nearby(new ExactSearch(survey, metric, backend), null);
            }
        };
    }

    private static Nearby byCodes(Survey survey, Metric metric) {
        Codes codes = Codes.of(survey);
        return new Nearby(new CodeSearch(survey, codes, metric), codes);
    }

    private static Nearby byGraph(Survey survey, Metric metric) {
        Codes codes = Codes.of(survey);
        Graph graph = Graph.open(survey, codes, metric);
        if (graph == null) {
            graph = Graph.of(codes, metric, done -> {});
            graph.write(survey);
        }
        return new Nearby(new GraphSearch(survey, codes, graph, metric, GraphSearch.walk(survey.size())), codes);
    }

    @Override
    public void close() {
        if (codes != null) {
            codes.close();
        }
    }
}
