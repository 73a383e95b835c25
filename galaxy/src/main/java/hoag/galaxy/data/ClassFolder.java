package hoag.galaxy.data;

import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Images in folders by class as a table: {@code DIR/spiral/g1.jpg} is a row with id {@code g1}, file {@code spiral/g1.jpg} and class
 * {@code spiral}. Where the folders right below are called train, valid (val, validation) and test, they are the column {@code split}, and
 * those below them the classes.
 */
final class ClassFolder implements TableRows {
    private static final Set<String> PARTS = Set.of("train", "valid", "val", "validation", "test");

    private final Path folder;
    private final boolean divided;
    private final Iterator<ImageFolder.Image> images;
    private long row;

    ClassFolder(Path folder) {
        this.folder = folder;
        var all = ImageFolder.of(folder).images();
        divided = all.stream().allMatch(image -> isPart(below(image).getName(0)));
        images = all.iterator();
    }

    private static boolean isPart(Path name) {
        return PARTS.contains(name.toString().toLowerCase(Locale.ROOT));
    }

    private Path below(ImageFolder.Image image) {
        return folder.relativize(image.path());
    }

    @Override
    public List<Column> columns() {
        var columns = new ArrayList<>(List.of(Column.text("id"), Column.text("file"), Column.text("class")));
        if (divided) columns.add(Column.text("split"));
        return columns;
    }

    @Override
    public List<String> next() {
        if (!images.hasNext()) return null;
        var image = images.next();
        var path = below(image);
        int level = divided ? 1 : 0;
        if (path.getNameCount() < level + 2)
            throw new DataException(
                    "%s: %s lies in no folder of a class; a folder as catalogue wants its images in folders named by class, for instance %s"
                            .formatted(folder, path, Path.of("spiral").resolve(path.getFileName())));
        row++;
        var fields = new ArrayList<>(List.of(
                image.id(),
                path.toString().replace('\\', '/'),
                path.getName(level).toString()));
        if (divided) fields.add(path.getName(0).toString());
        return fields;
    }

    @Override
    public long place() {
        return row;
    }

    @Override
    public void close() {}
}
