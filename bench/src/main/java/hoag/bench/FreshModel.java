package hoag.bench;

import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Task;
import hoag.galaxy.tree.Schema;
import java.nio.file.Path;
import java.util.List;

/** A model file with fresh weights that answers a whole tree at 224 px: {@code FreshModel ARCHITECTURE TREE FILE}. It knows nothing; it takes its time as any other. */
final class FreshModel {
    private FreshModel() {}

    public static void main(String[] arguments) {
        var task = new Task.Votes(Schema.of(arguments[1]));
        GalaxyModel.create(arguments[0], List.of(task), Preprocess.of(224, Channels.RGB), 0, 0, 42)
                .save(Path.of(arguments[2]));
    }
}
