package hoag.galaxy.survey;

import java.util.List;
import java.util.function.IntPredicate;

/**
 * A way to find what is near: by looking at every row ({@link ExactSearch}), at short codes of them ({@link CodeSearch}), or by a graph
 * ({@link GraphSearch}). Any number of threads may ask.
 */
public interface Neighbours {
    /** Every row may be found. */
    IntPredicate ANY = row -> true;

    /**
     * The nearest rows to each of many things, nearest first, ties by row; their scores are measured in double precision whatever the way.
     *
     * @param count how many of each, at least 1; fewer come back when there are fewer rows
     * @param where rows that may be found
     * @throws hoag.kernels.ShapeException when an example has not the width of the rows
     * @throws hoag.kernels.ConfigException when the count is less than 1
     */
    List<List<Hit>> nearest(List<Examples> wanted, int count, IntPredicate where);

    /** The nearest rows to one thing. */
    default List<Hit> nearest(Examples wanted, int count, IntPredicate where) {
        return nearest(List.of(wanted), count, where).getFirst();
    }
}
