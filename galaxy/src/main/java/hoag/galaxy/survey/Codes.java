package hoag.galaxy.survey;

import hoag.engine.files.AtomicFile;
import hoag.kernels.DataException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.IntStream;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * A byte for every feature: a row is about {@code scale * code} with the row's own scale, so that a million rows of 1,280 features are 1.3 GB and
 * are looked at four times as fast. Kept in a file beside the survey (header of 64 bytes, codes, scales and squared lengths), which is mapped.
 * Distances to codes are good to about a hundredth; whoever uses them measures the best again on the rows themselves.
 */
public final class Codes implements AutoCloseable {
    private static final long MAGIC = 0x31444f4347414f48L; // HOAGCOD1
    private static final int HEADER = 64;
    private static final int PIECE = 2048;
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final int L = F.length();
    private static final VectorSpecies<Byte> B =
            ByteVector.SPECIES_64.withShape(VectorShape.forBitSize(Math.max(64, 8 * L)));

    /** Codes of a row fill a multiple of this. */
    private static final int ROUND = Math.max(64, 4 * L);

    private final Arena arena;
    private final MemorySegment codes;
    private final int rows;
    private final int width;
    private final int stride;
    private final float[] scales;
    private final float[] squares;

    private Codes(Arena arena, MemorySegment codes, int width, float[] scales, float[] squares) {
        this.arena = arena;
        this.codes = codes;
        this.width = width;
        this.scales = scales;
        this.squares = squares;
        rows = scales.length;
        stride = stride(width);
    }

    private static int stride(int width) {
        return Math.ceilDiv(width, ROUND) * ROUND;
    }

    /** The name of the file beside a survey. */
    public static Path beside(Path survey) {
        return survey.resolveSibling(survey.getFileName() + ".codes");
    }

    /** Codes of rows in memory. */
    public static Codes of(Rows rows) {
        Arena arena = Arena.ofShared();
        int stride = stride(rows.width());
        MemorySegment codes = arena.allocate((long) rows.size() * stride + ROUND, 64);
        float[] scales = new float[rows.size()];
        float[] squares = new float[rows.size()];
        for (int from = 0; from < rows.size(); from += PIECE) {
            byte[] some = encode(rows, from, Math.min(PIECE, rows.size() - from), scales, squares);
            MemorySegment.copy(some, 0, codes, ValueLayout.JAVA_BYTE, (long) from * stride, some.length);
        }
        return new Codes(arena, codes, rows.width(), scales, squares);
    }

    /**
     * The codes beside a survey; made first where there are none, or where the survey has grown since.
     *
     * @throws DataException when they cannot be written
     */
    public static Codes of(Survey survey) {
        Path file = beside(survey.path());
        Codes there = Files.exists(file) ? open(file, survey) : null;
        if (there == null) {
            write(file, survey);
            there = open(file, survey);
        }
        if (there == null) {
            throw new DataException(file + ": was changed while it was made; call again");
        }
        return there;
    }

    /** Whether the file beside the survey holds the codes of all its rows. */
    public static boolean current(Survey survey) {
        Path file = beside(survey.path());
        try (Codes there = Files.exists(file) ? open(file, survey) : null) {
            return there != null;
        }
    }

    private static Codes open(Path file, Survey survey) {
        int stride = stride(survey.width());
        long bytes = (long) survey.size() * stride;
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() == HEADER + bytes + 8L * survey.size() + ROUND) {
                MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
                ByteBuffer wanted = header(survey);
                if (all.asSlice(0, HEADER).mismatch(MemorySegment.ofBuffer(wanted)) < 0) {
                    return new Codes(
                            arena,
                            all.asSlice(HEADER),
                            survey.width(),
                            floats(all, HEADER + bytes, survey.size()),
                            floats(all, HEADER + bytes + 4L * survey.size(), survey.size()));
                }
            }
        } catch (IOException e) {
            arena.close();
            throw new DataException(file + ": cannot be read: " + e.getMessage() + "; delete it, it is made again", e);
        }
        arena.close();
        return null;
    }

    private static float[] floats(MemorySegment from, long at, int count) {
        return from.asSlice(at, 4L * count)
                .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
    }

    private static ByteBuffer header(Survey survey) {
        return ByteBuffer.allocate(HEADER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(MAGIC)
                .putInt(survey.size())
                .putInt(survey.width())
                .putInt(stride(survey.width()))
                .putInt(survey.stamp())
                .position(0);
    }

    private static void write(Path file, Survey survey) {
        float[] scales = new float[survey.size()];
        float[] squares = new float[survey.size()];
        AtomicFile.write(file, out -> {
            out.write(header(survey).array());
            for (int from = 0; from < survey.size(); from += PIECE) {
                out.write(encode(survey, from, Math.min(PIECE, survey.size() - from), scales, squares));
            }
            for (float[] each : new float[][] {scales, squares}) {
                ByteBuffer bytes = ByteBuffer.allocate(4 * each.length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(each);
                out.write(bytes.array());
            }
            out.write(new byte[ROUND]);
        });
    }

    private static byte[] encode(Rows rows, int from, int count, float[] scales, float[] squares) {
        int width = rows.width();
        int stride = stride(width);
        float[] values = new float[count * width];
        rows.read(from, count, values);
        byte[] to = new byte[count * stride];
        IntStream.range(0, count).parallel().forEach(i -> {
            float most = 0;
            for (int j = 0; j < width; j++) {
                most = Math.max(most, Math.abs(values[i * width + j]));
            }
            float scale = most / 127;
            long square = 0;
            for (int j = 0; j < width && scale > 0 && Float.isFinite(scale); j++) {
                int code = Math.round(values[i * width + j] / scale);
                to[i * stride + j] = (byte) code;
                square += (long) code * code;
            }
            scales[from + i] = scale;
            squares[from + i] = scale * scale * square;
        });
        return to;
    }

    /** Rows that have codes. */
    public int size() {
        return rows;
    }

    /** Features of each. */
    public int width() {
        return width;
    }

    /** The example, as the distances below want it: with zeros at its end. */
    float[] query(float... example) {
        return java.util.Arrays.copyOf(example, stride);
    }

    /** What a row is about, as a query. */
    float[] decoded(int row) {
        float[] query = new float[stride];
        for (int j = 0; j < stride; j += L) {
            floats((long) row * stride + j).mul(scales[row]).intoArray(query, j);
        }
        return query;
    }

    static float square(float... query) {
        return Loops.dot(query, query);
    }

    /**
     * About the distance to four rows, or what rises with it: the square of the Euclidean.
     *
     * @param query made by {@link #query}
     * @param square its squared length
     * @param to four distances
     */
    void distances(Metric metric, float[] query, float square, int r0, int r1, int r2, int r3, float[] to) {
        if (metric == Metric.MANHATTAN) {
            to[0] = absolute(query, r0);
            to[1] = absolute(query, r1);
            to[2] = absolute(query, r2);
            to[3] = absolute(query, r3);
            return;
        }
        dots(query, r0, r1, r2, r3, to);
        to[0] = distance(metric, square, r0, to[0]);
        to[1] = distance(metric, square, r1, to[1]);
        to[2] = distance(metric, square, r2, to[2]);
        to[3] = distance(metric, square, r3, to[3]);
    }

    private float distance(Metric metric, float square, int row, float dot) {
        float both = scales[row] * dot;
        if (metric == Metric.EUCLIDEAN) {
            return square + squares[row] - 2 * both;
        }
        float lengths = square * squares[row];
        return lengths == 0 ? 1 : 1 - both / (float) Math.sqrt(lengths);
    }

    private FloatVector floats(long at) {
        return (FloatVector) ByteVector.fromMemorySegment(B, codes, at, ByteOrder.nativeOrder())
                .convertShape(VectorOperators.B2F, F, 0);
    }

    /** Four rows at once, so that four lines of memory are on their way. */
    private void dots(float[] query, int r0, int r1, int r2, int r3, float[] to) {
        long a0 = (long) r0 * stride;
        long a1 = (long) r1 * stride;
        long a2 = (long) r2 * stride;
        long a3 = (long) r3 * stride;
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int i = 0; i < stride; i += L) {
            FloatVector q = FloatVector.fromArray(F, query, i);
            s0 = floats(a0 + i).fma(q, s0);
            s1 = floats(a1 + i).fma(q, s1);
            s2 = floats(a2 + i).fma(q, s2);
            s3 = floats(a3 + i).fma(q, s3);
        }
        to[0] = s0.reduceLanes(VectorOperators.ADD);
        to[1] = s1.reduceLanes(VectorOperators.ADD);
        to[2] = s2.reduceLanes(VectorOperators.ADD);
        to[3] = s3.reduceLanes(VectorOperators.ADD);
    }

    private float absolute(float[] query, int row) {
        long at = (long) row * stride;
        FloatVector scale = FloatVector.broadcast(F, scales[row]);
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        for (int i = 0; i < stride; i += 2 * L) {
            s0 = s0.add(floats(at + i)
                    .mul(scale)
                    .sub(FloatVector.fromArray(F, query, i))
                    .abs());
            s1 = s1.add(floats(at + i + L)
                    .mul(scale)
                    .sub(FloatVector.fromArray(F, query, i + L))
                    .abs());
        }
        return s0.add(s1).reduceLanes(VectorOperators.ADD);
    }

    /** Gives the memory back. */
    @Override
    public void close() {
        arena.close();
    }
}
