package hoag.galaxy.survey;

/** The smallest of many scores with their rows; a score that is not finite is passed over. Equal scores: the lower row. */
final class Nearest {
    private final float[] scores;
    private final int[] rows;
    private int size;

    Nearest(int most) {
        scores = new float[most];
        rows = new int[most];
    }

    /** The score that must be beaten. */
    float worst() {
        return size < scores.length ? Float.POSITIVE_INFINITY : scores[0];
    }

    /** Keeps it if it is among the smallest; rows come in rising order. */
    void offer(int row, float score) {
        if (!(score < worst())) {
            return;
        }
        if (size < scores.length) {
            up(size++, row, score);
        } else {
            down(row, score);
        }
    }

    /** Keeps the smallest of another, whose rows come after those of this one. */
    void offerAll(Nearest other) {
        for (int i : other.rowsInOrder()) {
            offer(other.rows[i], other.scores[i]);
        }
    }

    private int[] rowsInOrder() {
        return java.util.stream.IntStream.range(0, size)
                .boxed()
                .sorted(java.util.Comparator.comparingInt(i -> rows[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** How many it keeps at most. */
    int room() {
        return scores.length;
    }

    int size() {
        return size;
    }

    int row(int i) {
        return rows[i];
    }

    private void up(int hole, int row, float score) {
        while (hole > 0 && after(score, row, (hole - 1) / 2)) {
            int parent = (hole - 1) / 2;
            scores[hole] = scores[parent];
            rows[hole] = rows[parent];
            hole = parent;
        }
        scores[hole] = score;
        rows[hole] = row;
    }

    private void down(int row, float score) {
        int hole = 0;
        for (int child = 1; child < size; child = 2 * hole + 1) {
            if (child + 1 < size && after(scores[child + 1], rows[child + 1], child)) {
                child++;
            }
            if (!after(scores[child], rows[child], score, row)) {
                break;
            }
            scores[hole] = scores[child];
            rows[hole] = rows[child];
            hole = child;
        }
        scores[hole] = score;
        rows[hole] = row;
    }

    private boolean after(float score, int row, int other) {
        return after(score, row, scores[other], rows[other]);
    }

    private static boolean after(float score, int row, float otherScore, int otherRow) {
        return score > otherScore || score == otherScore && row > otherRow;
    }
}
