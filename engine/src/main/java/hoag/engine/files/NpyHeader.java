package hoag.engine.files;

import hoag.kernels.FormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The header of an {@code .npy} file.
 *
 * @param length bytes before the data
 */
record NpyHeader(DType dtype, boolean bigEndian, boolean fortran, long[] shape, long length) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Set<String> KEYS = Set.of("descr", "fortran_order", "shape");
    private static final int VERSION_1 = 10;
    private static final int VERSION_2 = 12;
    private static final int MOST_AXES = 64;
    private static final int ALIGNMENT = 64;
    /** NumPy's own limit is 10,000 characters. */
    private static final int LONGEST = 1 << 16;

    static NpyHeader read(String source, MemorySegment file) {
        checkMagic(source, file);
        int version = file.get(ValueLayout.JAVA_BYTE, MAGIC.length);
        if (version < 1 || version > 3 || file.get(ValueLayout.JAVA_BYTE, MAGIC.length + 1) != 0) {
            throw new FormatException("%s: .npy version %d.%d; Hoag reads 1.0, 2.0 and 3.0"
                    .formatted(source, version & 0xff, file.get(ValueLayout.JAVA_BYTE, MAGIC.length + 1) & 0xff));
        }
        int start = version == 1 ? VERSION_1 : VERSION_2;
        long length = file.byteSize() < start ? Long.MAX_VALUE : length(file, version);
        if (length > file.byteSize() - start)
            throw new FormatException("%s: truncated: the file ends within the .npy header".formatted(source));
        if (length > LONGEST)
            throw new FormatException(
                    "%s: .npy header of %d bytes; at most %d are read".formatted(source, length, LONGEST));
        byte[] text = file.asSlice(start, length).toArray(ValueLayout.JAVA_BYTE);
        String header = version == 3
                ? Json.decode(source, ByteBuffer.wrap(text))
                : new String(text, StandardCharsets.ISO_8859_1);
        return of(source, new PythonLiteral(source, header).document(), start + length);
    }

    private static void checkMagic(String source, MemorySegment file) {
        if (file.byteSize() == 0) throw new FormatException("%s: not an .npy file: empty".formatted(source));
        for (int i = 0; i < MAGIC.length; i++) {
            if (i >= file.byteSize() || file.get(ValueLayout.JAVA_BYTE, i) != MAGIC[i]) {
                throw new FormatException("%s: not an .npy file: does not begin with \\x93NUMPY".formatted(source));
            }
        }
        if (file.byteSize() < VERSION_1)
            throw new FormatException("%s: truncated: the file ends within the .npy header".formatted(source));
    }

    private static long length(MemorySegment file, int version) {
        int at = MAGIC.length + 2;
        return version == 1
                ? Short.toUnsignedLong(file.get(DType.SHORT, at))
                : Integer.toUnsignedLong(file.get(DType.INT, at));
    }

    private static NpyHeader of(String source, Object literal, long length) {
        if (!(literal instanceof Map<?, ?> map) || !map.keySet().equals(KEYS)) {
            throw new FormatException(
                    "%s: .npy header wants a dict of descr, fortran_order and shape".formatted(source));
        }
        if (!(map.get("descr") instanceof String descr)) {
            throw new FormatException("%s: structured type: store its fields as separate arrays".formatted(source));
        }
        if (!(map.get("fortran_order") instanceof Boolean fortran))
            throw new FormatException("%s: fortran_order wants True or False".formatted(source));
        var dtype = dtype(source, descr);
        return new NpyHeader(dtype, descr.startsWith(">"), fortran, shape(source, map.get("shape"), dtype), length);
    }

    private static DType dtype(String source, String descr) {
        boolean ordered = !descr.isEmpty() && "<>|=".indexOf(descr.charAt(0)) >= 0;
        if (descr.endsWith("O"))
            throw new FormatException(
                    "%s: type object holds a Python pickle; save numbers, without allow_pickle".formatted(source));
        return DType.byNumpy(descr.substring(ordered ? 1 : 0))
                .orElseThrow(() -> new FormatException(
                        "%s: .npy type %s; Hoag reads %s".formatted(source, JsonPrinter.quoted(descr), codes())));
    }

    private static String codes() {
        return Arrays.stream(DType.values())
                .map(DType::numpy)
                .filter(c -> !c.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private static long[] shape(String source, Object value, DType dtype) {
        if (!(value instanceof List<?> list)
                || list.size() > MOST_AXES
                || !list.stream().allMatch(Long.class::isInstance)) {
            throw new FormatException(
                    "%s: shape wants a tuple of at most %d whole numbers".formatted(source, MOST_AXES));
        }
        long[] shape = list.stream().mapToLong(n -> (Long) n).toArray();
        if (TensorData.bytes(dtype, shape) < 0) {
            throw new FormatException("%s: shape %s has a negative size or too many elements".formatted(source, list));
        }
        return shape;
    }

    /**
     * A header of version 1 whose data begin at a multiple of 64 bytes.
     *
     * @param room characters to keep free, so that the first size may grow to that many digits
     */
    static byte[] bytes(DType dtype, long[] shape, int room) {
        if (dtype.numpy().isEmpty())
            throw new FormatException("NumPy has no type %s; convert to F32 first".formatted(dtype));
        String order = dtype.bytes() == 1 ? "|" : "<";
        String sizes = Arrays.stream(shape).mapToObj(n -> n + ",").collect(Collectors.joining(" "));
        String tuple = shape.length > 1 ? sizes.substring(0, sizes.length() - 1) : sizes;
        String text =
                "{'descr': '%s%s', 'fortran_order': False, 'shape': (%s), }".formatted(order, dtype.numpy(), tuple);
        int used = VERSION_1 + text.length() + 1;
        int padding = room + Math.floorMod(-(used + room), ALIGNMENT);
        byte[] line = (text + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
        var header = ByteBuffer.allocate(VERSION_1 + line.length).order(ByteOrder.LITTLE_ENDIAN);
        return header.put(MAGIC)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) line.length)
                .put(line)
                .array();
    }

    @Override
    public String toString() {
        return dtype + " " + Arrays.toString(shape);
    }
}
