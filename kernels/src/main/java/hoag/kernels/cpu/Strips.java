package hoag.kernels.cpu;

/**
 * Work on spaces where neighbours are kept apart and rows are folded onto each other: strips of columns, and chunks of rows within a strip.
 * A chunk of a strip stays in the second-level cache; how many there are depends on the shape alone.
 *
 * @param strips of each group
 * @param width columns of a strip, but the last
 * @param chunks of each strip
 * @param rows of a chunk, but the last
 */
record Strips(Runs runs, Groups groups, int strips, int width, int chunks, int rows) {
    private static final int WIDTH = 512;
    private static final int FLOATS = 32768;
    private static final int MOST_CHUNKS = 256;

    static Strips of(Runs runs) {
        Groups groups = Groups.of(runs);
        int width = Math.min(WIDTH, runs.length());
        int rows = Math.max(FLOATS / width, (groups.members() + MOST_CHUNKS - 1) / MOST_CHUNKS);
        return new Strips(
                runs, groups, (runs.length() + width - 1) / width, width, (groups.members() + rows - 1) / rows, rows);
    }

    /** Strips of all groups. */
    int count() {
        return groups.count() * strips;
    }

    int group(int strip) {
        return strip / strips;
    }

    /** The first column. */
    int from(int strip) {
        return strip % strips * width;
    }

    int columns(int strip) {
        return Math.min(width, runs.length() - from(strip));
    }

    int firstRow(int chunk) {
        return chunk * rows;
    }

    int endRow(int chunk) {
        return Math.min(groups.members(), (chunk + 1) * rows);
    }

    /** Where results of a strip begin, counted from the first result. */
    int result(int strip) {
        return group(strip) * runs.length() + from(strip);
    }
}
