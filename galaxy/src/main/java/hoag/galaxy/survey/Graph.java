package hoag.galaxy.survey;

import hoag.engine.files.AtomicFile;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * Every row linked to some {@value #LINKS} near rows in different directions (the rule of Malkov and Yashunin 2020), to be walked from a few rows
 * that are spread over all. Rows are put in by batches, each against the graph as it stands (as in ParlayANN, Manohar et al. 2024), so that any
 * number of threads make the same graph. Distances are those of {@link Codes}.
 */
public final class Graph {
    /** Links of a row, at most. */
    public static final int LINKS = 32;

    private static final long MAGIC = 0x3148504747414f48L; // HOAGGPH1
    private static final int PIVOTS = 512;
    private static final int WALK = 100;
    private static final int HEADER = 64;

    private final Codes codes;
    private final Metric metric;
    private final int[] links;
    private final int[] pivots;

    private Graph(Codes codes, Metric metric, int[] links) {
        this.codes = codes;
        this.metric = metric;
        this.links = links;
        int count = Math.min(PIVOTS, codes.size());
        pivots = IntStream.range(0, count)
                .map(i -> (int) ((long) i * codes.size() / count))
                .toArray();
    }

    /**
     * The graph of all rows that have codes, on all threads of the pool that calls.
     *
     * @param progress told how many rows are in
     */
    public static Graph of(Codes codes, Metric metric, LongConsumer progress) {
        int[] links = new int[Math.multiplyExact(codes.size(), LINKS)];
        Arrays.fill(links, -1);
        Graph graph = new Graph(codes, metric, links);
        graph.build(progress);
        return graph;
    }

    /** The name of the file beside a survey. */
    public static Path beside(Path survey, Metric metric) {
        return survey.resolveSibling(
                survey.getFileName() + "." + metric.name().toLowerCase(java.util.Locale.ROOT) + ".graph");
    }

    /** The graph beside the survey, null where there is none or the survey has grown since. */
    public static Graph open(Survey survey, Codes codes, Metric metric) {
        Path file = beside(survey.path(), metric);
        if (!current(survey, metric)) {
            return null;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer all =
                    ByteBuffer.allocate(Math.toIntExact(channel.size())).order(ByteOrder.LITTLE_ENDIAN);
            while (all.hasRemaining() && channel.read(all) > 0) {
                // until it is full
            }
            int[] links = new int[LINKS * survey.size()];
            all.position(HEADER).asIntBuffer().get(links);
            return new Graph(codes, metric, links);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage() + "; delete it, it is made again", e);
        }
    }

    /** Whether the file beside the survey links all its rows. */
    public static boolean current(Survey survey, Metric metric) {
        Path file = beside(survey.path(), metric);
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer start = ByteBuffer.allocate(HEADER);
            channel.read(start);
            return channel.size() == HEADER + 4L * LINKS * survey.size()
                    && start.flip().equals(header(survey));
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage() + "; delete it, it is made again", e);
        }
    }

    private static ByteBuffer header(Survey survey) {
        return ByteBuffer.allocate(HEADER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(MAGIC)
                .putInt(survey.size())
                .putInt(LINKS)
                .putInt(survey.stamp())
                .position(0);
    }

    /** Keeps it beside the survey. */
    public void write(Survey survey) {
        AtomicFile.write(beside(survey.path(), metric), out -> {
            out.write(header(survey).array());
            ByteBuffer some = ByteBuffer.allocate(4 * LINKS).order(ByteOrder.LITTLE_ENDIAN);
            for (int row = 0; row < codes.size(); row++) {
                some.asIntBuffer().put(links, row * LINKS, LINKS);
                out.write(some.array());
            }
        });
    }

    private void build(LongConsumer progress) {
        int[] order = order();
        for (int done = 0; done < order.length; ) {
            int batch = Math.min(order.length - done, Math.max(1, Math.min(done / 20, 4096)));
            int[] added = Arrays.copyOfRange(order, done, done + batch);
            int begun = done;
            int[][] chosen = Arrays.stream(added)
                    .parallel()
                    .mapToObj(row -> begun == 0 ? new int[0] : links(row, begun))
                    .toArray(int[][]::new);
            for (int i = 0; i < batch; i++) {
                System.arraycopy(chosen[i], 0, links, added[i] * LINKS, chosen[i].length);
            }
            back(added, chosen);
            done += batch;
            progress.accept(done);
        }
    }

    /** Pivots first, then the rest. */
    private int[] order() {
        boolean[] first = new boolean[codes.size()];
        Arrays.stream(pivots).forEach(row -> first[row] = true);
        return IntStream.concat(
                        Arrays.stream(pivots), IntStream.range(0, first.length).filter(row -> !first[row]))
                .toArray();
    }

    private int[] links(int row, int begun) {
        float[] query = codes.decoded(row);
        Walk walk = new Walk(WALK);
        walk(query, Codes.square(query), walk, Math.min(begun, pivots.length));
        return chosen(walk.rows, walk.distances, walk.size);
    }

    /** Links back, each row on its own, so that it does not matter who comes first. */
    private void back(int[] added, int[][] chosen) {
        List<long[]> edges = new ArrayList<>();
        for (int i = 0; i < added.length; i++) {
            for (int to : chosen[i]) {
                edges.add(new long[] {to, added[i]});
            }
        }
        edges.sort((a, b) -> a[0] != b[0] ? Long.compare(a[0], b[0]) : Long.compare(a[1], b[1]));
        int[] starts = IntStream.range(0, edges.size())
                .filter(i -> i == 0 || edges.get(i)[0] != edges.get(i - 1)[0])
                .toArray();
        IntStream.range(0, starts.length).parallel().forEach(s -> {
            int end = s + 1 < starts.length ? starts[s + 1] : edges.size();
            int[] more = new int[end - starts[s]];
            for (int i = 0; i < more.length; i++) {
                more[i] = (int) edges.get(starts[s] + i)[1];
            }
            link((int) edges.get(starts[s])[0], more);
        });
    }

    private void link(int row, int[] more) {
        int have = 0;
        while (have < LINKS && links[row * LINKS + have] >= 0) {
            have++;
        }
        if (have + more.length <= LINKS) {
            System.arraycopy(more, 0, links, row * LINKS + have, more.length);
            return;
        }
        int[] all = Arrays.copyOfRange(links, row * LINKS, row * LINKS + have + more.length);
        System.arraycopy(more, 0, all, have, more.length);
        float[] query = codes.decoded(row);
        Walk sorted = new Walk(all.length);
        offer(query, Codes.square(query), all, all.length, sorted);
        int[] kept = chosen(sorted.rows, sorted.distances, sorted.size);
        System.arraycopy(kept, 0, links, row * LINKS, kept.length);
        Arrays.fill(links, row * LINKS + kept.length, (row + 1) * LINKS, -1);
    }

    /** Of rows by rising distance those that are nearer to the one in question than to every one kept before; then the nearest others. */
    private int[] chosen(int[] rows, float[] distances, int size) {
        int[] kept = new int[LINKS];
        int[] passed = new int[size];
        int count = 0;
        int left = 0;
        float[] four = new float[4];
        for (int i = 0; i < size && count < LINKS; i++) {
            float[] query = codes.decoded(rows[i]);
            float square = Codes.square(query);
            boolean apart = true;
            for (int j = 0; j < count && apart; j += 4) {
                int last = count - 1;
                codes.distances(
                        metric,
                        query,
                        square,
                        kept[j],
                        kept[Math.min(j + 1, last)],
                        kept[Math.min(j + 2, last)],
                        kept[Math.min(j + 3, last)],
                        four);
                apart = Math.min(Math.min(four[0], four[1]), Math.min(four[2], four[3])) > distances[i];
            }
            if (apart) {
                kept[count++] = rows[i];
            } else {
                passed[left++] = rows[i];
            }
        }
        for (int i = 0; i < left && count < LINKS / 2; i++) {
            kept[count++] = passed[i];
        }
        return Arrays.copyOf(kept, count);
    }

    /** The nearest rows that a walk from the pivots comes by, and about their distances ({@link Codes#distances}). */
    Walk near(float[] query, int width) {
        Walk walk = new Walk(width);
        float[] padded = codes.query(query);
        walk(padded, Codes.square(query), walk, pivots.length);
        return walk;
    }

    private void walk(float[] query, float square, Walk walk, int starts) {
        Walk entry = new Walk(Math.min(walk.most, 4));
        offer(query, square, pivots, starts, entry);
        for (int i = 0; i < entry.size; i++) {
            walk.seen(entry.rows[i]);
            walk.offer(entry.rows[i], entry.distances[i]);
        }
        int[] fresh = new int[LINKS];
        for (int at = walk.next(); at >= 0; at = walk.next()) {
            int count = 0;
            for (int i = at * LINKS; i < (at + 1) * LINKS && links[i] >= 0; i++) {
                if (walk.seen(links[i])) {
                    fresh[count++] = links[i];
                }
            }
            offer(query, square, fresh, count, walk);
        }
    }

    private void offer(float[] query, float square, int[] rows, int count, Walk walk) {
        float[] four = walk.four;
        for (int i = 0; i < count; i += 4) {
            int last = count - 1;
            codes.distances(
                    metric,
                    query,
                    square,
                    rows[i],
                    rows[Math.min(i + 1, last)],
                    rows[Math.min(i + 2, last)],
                    rows[Math.min(i + 3, last)],
                    four);
            for (int j = 0; j < 4 && i + j < count; j++) {
                walk.offer(rows[i + j], four[j]);
            }
        }
    }

    /** The nearest rows so far by rising distance, which of them were looked around from, and all that were seen. */
    static final class Walk {
        private final int most;
        private final int[] rows;
        private final float[] distances;
        private final boolean[] done;
        private final float[] four = new float[4];
        private int[] seen;
        private int marks;
        private int size;
        private int first;

        Walk(int most) {
            this.most = most;
            rows = new int[most + 1];
            distances = new float[most + 1];
            done = new boolean[most + 1];
            seen = new int[1 << Math.max(6, 36 - Integer.numberOfLeadingZeros(most))];
        }

        int size() {
            return size;
        }

        int row(int i) {
            return rows[i];
        }

        private void offer(int row, float distance) {
            if (size == most && !(distance < distances[size - 1]) || Float.isNaN(distance)) {
                return;
            }
            int at = size;
            while (at > 0 && distances[at - 1] > distance) {
                at--;
            }
            System.arraycopy(rows, at, rows, at + 1, size - at);
            System.arraycopy(distances, at, distances, at + 1, size - at);
            System.arraycopy(done, at, done, at + 1, size - at);
            rows[at] = row;
            distances[at] = distance;
            done[at] = false;
            size = Math.min(most, size + 1);
            first = Math.min(first, at);
        }

        /** The nearest row that was not looked around from, -1 when there is none. */
        private int next() {
            while (first < size && done[first]) {
                first++;
            }
            if (first == size) {
                return -1;
            }
            done[first] = true;
            return rows[first];
        }

        /** Marks a row; false when it was marked before. */
        private boolean seen(int row) {
            if (2 * marks >= seen.length) {
                int[] before = seen;
                seen = new int[2 * before.length];
                marks = 0;
                for (int each : before) {
                    if (each != 0) {
                        seen(each - 1);
                    }
                }
            }
            int at = row * 0x9E3779B1 >>> Integer.numberOfLeadingZeros(seen.length) + 1;
            while (seen[at] != 0) {
                if (seen[at] == row + 1) {
                    return false;
                }
                at = at + 1 & seen.length - 1;
            }
            seen[at] = row + 1;
            marks++;
            return true;
        }
    }
}
