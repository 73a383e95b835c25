package hoag.galaxy.image;

import hoag.galaxy.tree.Names;
import hoag.kernels.DataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import nom.tam.fits.BasicHDU;
import nom.tam.fits.FitsException;
import nom.tam.fits.Header;

/**
 * Bands of a FITS file by name. A plane is called by the EXTNAME, FILTER or BAND of its unit if that holds one image, in a cube by BAND0 or BAND1,
 * BAND2 ..., or by BANDS ({@code grz}, or names with commas). Names agree to the letter; where none does, one that differs in
 * case alone will do, for some programs write EXTNAME in capitals.
 */
final class NamedBands {
    private final String file;
    private final List<BasicHDU<?>> units;
    private final List<Plane> planes = new ArrayList<>();

    /** A plane, and all that it may be called. */
    private record Plane(int unit, int index, List<String> names, String extension) {}

    private NamedBands(String file, List<BasicHDU<?>> units) throws FitsException {
        this.file = file;
        this.units = units;
        for (int u = 0; u < units.size(); u++) add(u, units.get(u));
    }

    /**
     * The bands as channels.
     *
     * @param units of the file, or the one that a caller has open
     * @throws DataException naming the file, the band and the bands that are there
     */
    static Picture.Floats read(String file, List<BasicHDU<?>> units, Bands bands) throws FitsException, IOException {
        return new NamedBands(file, units).read(bands);
    }

    private void add(int unit, BasicHDU<?> hdu) throws FitsException {
        var axes = FitsDecoder.axes(hdu);
        if (axes.length < 2) return;
        int count = Arrays.stream(axes, 0, axes.length - 2).reduce(1, (a, b) -> a * b);
        var header = hdu.getHeader();
        var extension = text(header, "EXTNAME");
        for (int i = 0; i < count; i++)
            planes.add(new Plane(unit, i, count == 1 ? single(header) : inCube(header, i, count), extension));
    }

    private static List<String> single(Header header) {
        var names = new LinkedHashSet<String>();
        for (var key : List.of("EXTNAME", "FILTER", "BAND")) names.add(text(header, key));
        names.remove("");
        return List.copyOf(names);
    }

    private static List<String> inCube(Header header, int index, int count) {
        int first = header.containsKey("BAND0") ? 0 : 1;
        var own = text(header, "BAND" + (index + first));
        if (!own.isEmpty()) return List.of(own);
        var all = text(header, "BANDS");
        var names = all.contains(",") ? all.split(" *, *") : all.split(all.contains(" ") ? " +" : "");
        return names.length == count && !all.isEmpty() ? List.of(names[index]) : List.of();
    }

    private static String text(Header header, String key) {
        return header.getStringValue(key, "").strip();
    }

    private Picture.Floats read(Bands bands) throws FitsException, IOException {
        Picture.Floats all = null;
        for (int c = 0; c < bands.named().size(); c++) {
            var band = bands.named().get(c);
            var plane = find(band);
            var one = FitsDecoder.image(file, units.get(plane.unit), new Bands(-1, List.of(plane.index)));
            if (all == null) all = new Picture.Floats(one.width(), one.height(), bands.channels(), true);
            if (one.width() != all.width() || one.height() != all.height())
                throw new DataException("%s: band %s has %d x %d pixels, band %s %d x %d; want as many in all"
                        .formatted(
                                file,
                                band.name(),
                                one.width(),
                                one.height(),
                                bands.named().getFirst().name(),
                                all.width(),
                                all.height()));
            for (int i = 0; i < one.size(); i++) all.values()[i * bands.channels() + c] = one.values()[i];
        }
        return all;
    }

    private Plane find(Bands.Band band) {
        var where = band.where();
        if (where.matches("\\d{1,6}")) return only(band, inFirst(Integer.parseInt(where)));
        if (where.matches("#\\d{1,6}")) return only(band, inUnit(Integer.parseInt(where.substring(1))));
        var wanted = where.isEmpty() ? band.name() : where;
        var exact = called(wanted, false);
        return only(band, exact.isEmpty() ? called(wanted, true) : exact);
    }

    private List<Plane> inFirst(int index) {
        return planes.stream()
                .filter(plane -> plane.unit == planes.getFirst().unit && plane.index == index)
                .toList();
    }

    private List<Plane> inUnit(int unit) {
        return planes.stream().filter(plane -> plane.unit == unit).toList();
    }

    private List<Plane> called(String wanted, boolean anyCase) {
        return planes.stream()
                .filter(plane -> plane.names.stream()
                        .anyMatch(name -> anyCase ? name.equalsIgnoreCase(wanted) : name.equals(wanted)))
                .toList();
    }

    private Plane only(Bands.Band band, List<Plane> found) {
        if (found.size() == 1) return found.getFirst();
        if (found.isEmpty())
            throw new DataException("%s: no band %s%s; it has %s".formatted(file, band.text(), hint(band), there()));
        throw new DataException("%s: band %s is there %d times (units %s); say which, for instance %s=#%d"
                .formatted(
                        file,
                        band.text(),
                        found.size(),
                        String.join(
                                ", ",
                                found.stream().map(plane -> plane.unit + "").toList()),
                        band.name(),
                        found.getFirst().unit));
    }

    /** Names of a letter or two are near to all others. */
    private String hint(Bands.Band band) {
        var wanted = band.where().isEmpty() ? band.name() : band.where();
        return wanted.length() < 3 ? "" : Names.hint(wanted, names());
    }

    private List<String> names() {
        return planes.stream().flatMap(plane -> plane.names.stream()).distinct().toList();
    }

    private String there() {
        if (!names().isEmpty()) return "bands " + Names.list(names());
        return planes.isEmpty()
                ? "no image"
                : "%d plane%s without names; say where the bands are, for instance g=0,r=1"
                        .formatted(planes.size(), planes.size() == 1 ? "" : "s");
    }
}
