package hoag.galaxy.image;

import hoag.galaxy.tree.Names;
import hoag.kernels.ConfigException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which planes of a FITS image become the channels of a picture. JPEG and PNG files are read whole and ask nothing of it, unless bands are named: then
 * they are refused, for their colours have no such names.
 *
 * @param hdu which header and data unit holds the image, from 0; -1 for the first with an image of two or more axes
 * @param planes planes of the cube, from 0, in the order of the channels; empty where the image must have one plane
 * @param named bands by name, in the order of the channels, wherever in the file they are; empty to go by unit and planes
 */
public record Bands(int hdu, List<Integer> planes, List<Band> named) {
    /** The first image of the file, which must have one plane. */
    public static final Bands SINGLE = new Bands(-1, List.of());

    /**
     * A band and where it is.
     *
     * @param name how the model knows it: {@code g}
     * @param where empty: found by the name (EXTNAME, FILTER or BAND of a unit of one plane, BAND1, BAND2 ... or BANDS of a cube); a whole number:
     *     that plane, from 0, of the first image; {@code #3}: unit 3, from 0; else the unit of this EXTNAME
     */
    public record Band(String name, String where) {
        /** @throws ConfigException when the name is blank */
        public Band {
            if (name.isBlank()) throw new ConfigException("bands: a band has no name; write g,r,i or g=0,r=1,i=3");
        }

        /** As {@link Bands#parse} reads it. */
        public String text() {
            return where.isEmpty() ? name : name + "=" + where;
        }
    }

    /** @throws ConfigException when a unit or a plane is out of its range, or a band is named twice */
    public Bands {
        if (hdu < -1) throw new ConfigException("bands: hdu is %d; want -1 (the first image) or above".formatted(hdu));
        planes = List.copyOf(planes);
        named = List.copyOf(named);
        for (var plane : planes)
            if (plane < 0) throw new ConfigException("bands: plane %d; planes count from 0".formatted(plane));
        Names.firstDuplicate(named.stream().map(Band::name).toList()).ifPresent(twice -> {
            throw new ConfigException("bands: %s is named twice".formatted(twice));
        });
    }

    /** By unit and planes. */
    public Bands(int hdu, List<Integer> planes) {
        this(hdu, planes, List.of());
    }

    /** Planes of the first image of the file, in the order of the channels: {@code of(2, 1, 0)} shows g, r, z as blue, green, red. */
    public static Bands of(Integer... planes) {
        return new Bands(-1, List.of(planes));
    }

    /** Bands by their names in the file, in the order of the channels. */
    public static Bands named(String... names) {
        return new Bands(
                -1,
                List.of(),
                Arrays.stream(names).map(name -> new Band(name, "")).toList());
    }

    /** Reads {@code g,r,i}, {@code g=0,r=1,i=3}, {@code g=SCI_G,r=SCI_R}, {@code g=#1,r=#2}, or planes without names, {@code 2,1,0}. */
    public static Bands parse(String text) {
        var items = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        if (items.stream().allMatch(item -> item.matches("\\d{1,6}")))
            return new Bands(-1, items.stream().map(Integer::valueOf).toList());
        var named = new ArrayList<Band>();
        for (var item : items) {
            int equals = item.indexOf('=');
            named.add(
                    equals < 0
                            ? new Band(item, "")
                            : new Band(
                                    item.substring(0, equals).strip(),
                                    item.substring(equals + 1).strip()));
        }
        return new Bands(-1, List.of(), named);
    }

    /** Whether bands are found by name. */
    public boolean isNamed() {
        return !named.isEmpty();
    }

    /** Channels that a FITS image becomes. */
    public int channels() {
        return isNamed() ? named.size() : Math.max(1, planes.size());
    }

    /** {@code g, r, i}. */
    public String names() {
        return named.stream().map(Band::name).collect(Collectors.joining(", "));
    }
}
