package hoag.galaxy;

import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.Division;
import hoag.galaxy.data.Split;
import hoag.galaxy.image.Bands;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Task;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is read beside the catalogue, and how the whole is divided.
 *
 * @param validCatalog a table of its own for validation; null if the catalogue holds those galaxies
 * @param testCatalog a table of its own for the test: no galaxy of it may be in the others; null for none
 * @param join a table with further columns, votes for instance, joined by the ids; galaxies that are not in it are left out; null for none
 * @param skipMissing whether galaxies without an image are left out, and counted, instead of ending the work
 * @param badPictures the largest share of galaxies that may be left out of a training, and listed, because their pictures cannot be read, 0 up to 1
 * @param division how the galaxies are divided
 * @param bands bands of FITS images by name, in the order of the model's channels; null for one image of one plane
 */
public record Roster(
        Path validCatalog,
        Path testCatalog,
        Path join,
        boolean skipMissing,
        double badPictures,
        Division division,
        Bands bands) {
    private static final double BAD_PICTURES = 0.1;

    /** One catalogue, divided by its column {@code split}, else by the ids. */
    public static final Roster PLAIN = new Roster(null, null, null, false, BAD_PICTURES, Division.GIVEN, null);

    /** @throws ConfigException when the share is out of its range */
    public Roster {
        if (!(badPictures >= 0 && badPictures <= 1)) {
            throw new ConfigException("--bad-pictures " + badPictures + " is not allowed; it must be 0 <= share <= 1");
        }
    }

    /** The same with tables of their own for validation and test; null for none. */
    public Roster files(Path validCatalog, Path testCatalog) {
        return new Roster(validCatalog, testCatalog, join, skipMissing, badPictures, division, bands);
    }

    /** The same with the columns of another table, joined by the ids. */
    public Roster join(Path join) {
        return new Roster(validCatalog, testCatalog, join, skipMissing, badPictures, division, bands);
    }

    /** The same, {@link #skipMissing} or not. */
    public Roster skipMissing(boolean skip) {
        return new Roster(validCatalog, testCatalog, join, skip, badPictures, division, bands);
    }

    /** The same with another share of {@link #badPictures}. */
    public Roster badPictures(double share) {
        return new Roster(validCatalog, testCatalog, join, skipMissing, share, division, bands);
    }

    /** The same, divided otherwise. */
    public Roster division(Division division) {
        return new Roster(validCatalog, testCatalog, join, skipMissing, badPictures, division, bands);
    }

    /** The same with these bands of FITS images. */
    public Roster bands(Bands bands) {
        return new Roster(validCatalog, testCatalog, join, skipMissing, badPictures, division, bands);
    }

    /** What was read, and what is to be said of it. */
    record Read(Catalogue table, List<String> notes) {}

    Read read(Path catalog) {
        List<String> notes = new ArrayList<>();
        Catalogue table = joined(catalog, notes);
        if (validCatalog == null && testCatalog == null) {
            return new Read(table.divided(division), notes);
        }
        return new Read(
                Catalogue.parts(
                                table,
                                validCatalog == null ? null : joined(validCatalog, notes),
                                testCatalog == null ? null : joined(testCatalog, notes))
                        .undivided(division),
                notes);
    }

    private Catalogue joined(Path file, List<String> notes) {
        Catalogue table = Catalogue.read(file);
        if (join == null) {
            return table;
        }
        Catalogue both = table.join(Catalogue.read(join));
        if (both.size() < table.size()) {
            notes.add("%d of %d galaxies of %s are not in %s and are left out"
                    .formatted(table.size() - both.size(), table.size(), file, join));
        }
        return both;
    }

    /** What the model file says of it, so that evaluation divides as training did. */
    Object about() {
        return validCatalog == null && testCatalog == null ? division.toMap() : "files";
    }

    /**
     * The galaxies of one part, divided as when the model was trained; of a table of its own everything.
     *
     * @throws DataException when the division came from the whole table, and this is another
     */
    static Catalogue part(Catalogue table, GalaxyModel model, Split part) {
        Object about = model.about().get("division");
        if ("files".equals(about) && !table.header().has("split")) {
            return table;
        }
        Division division = Division.fromMap(about);
        if (division.isAnew()
                && !fingerprint(table, model.tasks()).equals(model.about().get("data"))) {
            throw new DataException(table.header().file()
                    + ": the model learnt from another table, or other labels, divided by a seed, so nobody"
                    + " can tell which of these galaxies it has seen; give that table, or --split all for"
                    + " galaxies it has not seen");
        }
        return table.divided(division).part(part);
    }

    /** Of the ids and of the labels that the tasks want. */
    static String fingerprint(Catalogue table, List<Task> tasks) {
        return table.fingerprint(
                Task.labelColumns(tasks).stream().filter(table.header()::has).toList());
    }
}
