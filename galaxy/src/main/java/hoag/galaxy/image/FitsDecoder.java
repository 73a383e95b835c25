package hoag.galaxy.image;

import hoag.kernels.DataException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nom.tam.fits.BasicHDU;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsException;
import nom.tam.fits.ImageHDU;
import nom.tam.fits.header.Standard;
import nom.tam.image.compression.hdu.CompressedImageHDU;

/** FITS images by nom.tam.fits: planes become channels, values are BZERO + BSCALE * stored, BLANK is NaN. */
final class FitsDecoder {
    /** The library logs a stack trace for what it then throws; it stays quiet unless the host has given it a level. */
    private static final Logger LIBRARY = Logger.getLogger("nom.tam.fits");

    static {
        if (LIBRARY.getLevel() == null) LIBRARY.setLevel(Level.OFF);
    }

    private FitsDecoder() {}

    static Picture.Floats read(Path path, Bands bands) {
        return read(path.toString(), () -> new Fits(path.toFile()), bands);
    }

    static Picture.Floats decode(byte[] file, int length, String name, Bands bands) {
        return read(name, () -> new Fits(new ByteArrayInputStream(file, 0, length)), bands);
    }

    /** Planes of the first image. */
    static int planes(Path path) {
        return guarded(path.toString(), () -> {
            try (var fits = new Fits(path.toFile())) {
                return count(axes(find(path.toString(), fits, Bands.SINGLE)));
            }
        });
    }

    private static int count(int... shape) {
        return Arrays.stream(shape, 0, shape.length - 2).reduce(1, (a, b) -> a * b);
    }

    private interface Source {
        Fits open() throws FitsException;
    }

    private static Picture.Floats read(String name, Source source, Bands bands) {
        return guarded(name, () -> {
            try (var fits = source.open()) {
                return bands.isNamed()
                        ? NamedBands.read(name, List.of(fits.read()), bands)
                        : image(name, find(name, fits, bands), bands);
            }
        });
    }

    /** A unit of a file that the caller has open. */
    static Picture.Floats of(BasicHDU<?> hdu, Bands bands) {
        return guarded("FITS unit", () -> {
            if (axes(hdu).length < 2) throw new DataException("FITS unit: holds no image");
            return bands.isNamed() ? NamedBands.read("FITS unit", List.of(hdu), bands) : image("FITS unit", hdu, bands);
        });
    }

    private interface Reading<T> {
        T read() throws FitsException, IOException;
    }

    private static <T> T guarded(String name, Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException
                | IllegalArgumentException
                | IllegalStateException
                | IndexOutOfBoundsException
                | NegativeArraySizeException
                | NullPointerException e) {
            throw new DataException("%s: cannot be read as FITS: %s".formatted(name, reason(e)), e);
        }
    }

    private static String reason(Exception e) {
        if (e instanceof EOFException) return "truncated: it ends before its data do";
        return e.getMessage() == null
                ? e.getClass().getSimpleName()
                : e.getMessage().lines().findFirst().orElse("");
    }

    static Picture.Floats image(String name, BasicHDU<?> hdu, Bands bands) throws FitsException, IOException {
        var shape = axes(hdu);
        int rank = shape.length, h = shape[rank - 2], w = shape[rank - 1];
        var planes = planes(name, shape, bands);
        PictureReader.limit(
                name, w, h, Arrays.stream(shape, 0, rank - 2).asLongStream().reduce(1, (a, b) -> a * b));
        var picture = new Picture.Floats(w, h, planes.size(), true);
        var image = hdu instanceof CompressedImageHDU packed ? packed.asImageHDU() : (ImageHDU) hdu;
        for (int c = 0; c < planes.size(); c++) new Plane(image, shape, planes.get(c)).into(picture, c);
        return picture;
    }

    private static BasicHDU<?> find(String name, Fits fits, Bands bands) throws FitsException, IOException {
        for (int i = 0; ; i++) {
            var hdu = fits.readHDU();
            if (hdu == null)
                throw new DataException(
                        bands.hdu() < 0
                                ? "%s: FITS file of %d units without an image".formatted(name, i)
                                : "%s: FITS file of %d units; want an image in unit %d"
                                        .formatted(name, i, bands.hdu()));
            if (bands.hdu() == i && axes(hdu).length < 2)
                throw new DataException("%s: FITS unit %d holds no image".formatted(name, i));
            if (bands.hdu() == i || (bands.hdu() < 0 && axes(hdu).length >= 2)) return hdu;
        }
    }

    /** The shape of the image, slowest axis first; empty if the unit holds none. */
    static int[] axes(BasicHDU<?> hdu) throws FitsException {
        var axes = switch (hdu) {
            case CompressedImageHDU packed -> packed.getImageAxes();
            case ImageHDU image -> image.getAxes();
            default -> null;
        };
        return axes == null || Arrays.stream(axes).anyMatch(n -> n < 1) ? new int[0] : axes;
    }

    private static List<Integer> planes(String name, int[] shape, Bands bands) {
        int count = count(shape);
        if (bands.planes().isEmpty() && count != 1)
            throw new DataException(
                    "%s: FITS image of shape %s has %d planes, want 1; say which become channels, for instance bands %s"
                            .formatted(
                                    name,
                                    text(shape),
                                    count,
                                    IntStream.range(0, Math.min(count, 3))
                                            .mapToObj(String::valueOf)
                                            .collect(Collectors.joining(","))));
        for (var plane : bands.planes())
            if (plane >= count)
                throw new DataException(
                        "%s: FITS image of shape %s has %d plane%s; plane %d is asked for, they count from 0"
                                .formatted(name, text(shape), count, count == 1 ? "" : "s", plane));
        return bands.planes().isEmpty() ? List.of(0) : bands.planes();
    }

    private static String text(int[] shape) {
        return Arrays.stream(shape).mapToObj(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
    }

    /** One plane, from storage to one channel. */
    private record Plane(Object stored, double scale, double zero, boolean hasBlank, long blank) {
        Plane(ImageHDU image, int[] shape, int plane) throws FitsException, IOException {
            this(
                    tile(image, shape, plane),
                    image.getBScale(),
                    image.getBZero(),
                    image.getHeader().containsKey(Standard.BLANK),
                    image.getHeader().getLongValue(Standard.BLANK));
        }

        private static Object tile(ImageHDU image, int[] shape, int plane) throws IOException {
            var corner = new int[shape.length];
            var size = shape.clone();
            for (int axis = shape.length - 3, left = plane; axis >= 0; left /= shape[axis--]) {
                corner[axis] = left % shape[axis];
                size[axis] = 1;
            }
            return image.getTiler().getTile(corner, size);
        }

        void into(Picture.Floats picture, int channel) {
            int n = picture.width() * picture.height(), step = picture.channels();
            var out = picture.values();
            switch (stored) {
                case byte[] v -> {
                    for (int i = 0; i < n; i++) out[i * step + channel] = whole(v[i] & 255);
                }
                case short[] v -> {
                    for (int i = 0; i < n; i++) out[i * step + channel] = whole(v[i]);
                }
                case int[] v -> {
                    for (int i = 0; i < n; i++) out[i * step + channel] = whole(v[i]);
                }
                case long[] v -> {
                    for (int i = 0; i < n; i++) out[i * step + channel] = whole(v[i]);
                }
                case float[] v -> {
                    for (int i = 0; i < n; i++) out[i * step + channel] = (float) (zero + scale * v[i]);
                }
                case double[] v -> {
                    for (int i = 0; i < n; i++) out[i * step + channel] = (float) (zero + scale * v[i]);
                }
                default ->
                    throw new IllegalStateException(
                            "pixels of type " + stored.getClass().getSimpleName());
            }
        }

        private float whole(long v) {
            return hasBlank && v == blank ? Float.NaN : (float) (zero + scale * v);
        }
    }
}
