package hoag.galaxy;

import hoag.galaxy.attend.Maps;
import hoag.galaxy.attend.Method;
import hoag.galaxy.attend.Overlay;
import hoag.galaxy.data.ImageFolder.Image;
import hoag.galaxy.data.Outputs;
import hoag.galaxy.image.Loader;
import hoag.galaxy.image.Order;
import hoag.galaxy.image.Thumbnails;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.Room;
import hoag.galaxy.learn.Task;
import hoag.galaxy.tree.Names;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Draws where a model looks: of every picture a PNG, the picture as the network sees it beside the same under a map, as {@code hoag attend}.
 *
 * @param model the model file
 * @param pictures what to look at
 * @param out folder for {@code ID.ANSWER.png}, of attention {@code ID.png}
 * @param answer what to explain: an answer of a tree ({@code bar-gz2_yes}), a class, or the column of a number or flag; null for the likeliest
 *     answer of the model's first question
 * @param method how; null for what suits the network, {@link Method#suited}
 * @param size pixels of a side that the network is shown; null for those of the model. Larger: finer maps, slower
 * @param side pixels of each drawn picture, 16..4096
 * @param looks batches, passes with dropout, views, and what becomes of pictures that cannot be used
 * @param compute device, threads and precision
 */
public record Attend(
        Path model,
        Pictures pictures,
        Path out,
        String answer,
        Method method,
        Integer size,
        int side,
        Looks looks,
        Compute compute) {
    /** @throws ConfigException when the side is out of its range */
    public Attend {
        if (side < 16 || side > 4096) {
            throw new ConfigException("--side " + side + " is not allowed; it must be 16..4096");
        }
    }

    /** The likeliest answer of each picture, by the method that suits. */
    public Attend(Path model, Pictures pictures, Path out) {
        this(model, pictures, out, null, null, null, 320, Looks.ONE, Compute.cpu());
    }

    /** The same for one {@link #answer}. */
    public Attend answer(String answer) {
        return new Attend(model, pictures, out, answer, method, size, side, looks, compute);
    }

    /** The same by another {@link #method}. */
    public Attend method(Method method) {
        return new Attend(model, pictures, out, answer, method, size, side, looks, compute);
    }

    /** The same with the network shown pictures of another {@link #size}. */
    public Attend size(int size) {
        return new Attend(model, pictures, out, answer, method, size, side, looks, compute);
    }

    /**
     * What was drawn.
     *
     * @param files a PNG of each picture, in the order of the pictures
     * @param failed what could not be used, and why
     * @param finished false when the progress said to stop: files has what was drawn until then
     */
    public record Result(List<Path> files, List<String> failed, boolean finished) {}

    /**
     * Looks and draws.
     *
     * @throws ConfigException when the model has no such answer, or the network no attention
     * @throws DataException when no picture can be used
     */
    public Result run(Progress progress) {
        Outputs.folder(out);
        GalaxyModel loaded = sized(GalaxyModel.load(model));
        List<String> names = names(loaded.tasks());
        Integer asked = answer == null ? null : asked(names);
        Method how = method == null ? Method.suited(loaded.net().encoder()) : method;
        List<String> failed = new ArrayList<>();
        List<Image> images = pictures.gather(looks.strict() ? null : failed::add);
        List<Path> files = new ArrayList<>();
        var settings = new Loader.Settings(Math.min(batch(), images.size()), 1, compute.threads(), 2, looks.strict());
        try (Backend backend = compute.open();
                Maps maps = new Maps(backend, loaded, how, settings.batch());
                Loader loader = new Loader(
                        images.stream().map(Image::path).toList(),
                        loaded.preprocess(),
                        Order.asListed(images.size()),
                        settings,
                        failure -> failed.add(failure.error().getMessage()))) {
            for (Loader.Batch next = loader.next(); next != null && !progress.stopping(); next = loader.next()) {
                float[] seen = Arrays.copyOf(
                        next.images(), maps.batch() * loaded.preprocess().length());
                int[] outputs = outputs(loaded, maps, seen, asked, how);
                float[] all = maps.maps(seen, outputs);
                for (int i = 0; i < next.count(); i++) {
                    String id = images.get(next.rows()[i]).id();
                    files.add(draw(loaded, maps, seen, all, i, file(id, how, names.get(outputs[i]))));
                }
                progress.at("images", files.size(), images.size(), "");
            }
        }
        if (files.isEmpty() && !progress.stopping()) {
            throw new DataException("none of " + images.size() + " images could be used; first " + failed.getFirst());
        }
        return new Result(List.copyOf(files), List.copyOf(failed), !progress.stopping());
    }

    private GalaxyModel sized(GalaxyModel loaded) {
        return size == null
                ? loaded
                : new GalaxyModel(
                        loaded.architecture(),
                        loaded.net(),
                        loaded.tasks(),
                        loaded.preprocess().size(size),
                        loaded.about());
    }

    /** What each output is called. */
    static List<String> names(List<Task> tasks) {
        return tasks.stream()
                .flatMap(task -> switch (task) {
                    case Task.Votes votes -> votes.schema().labelColumns().stream();
                    case Task.Classes classes -> classes.names().stream();
                    case Task.Number number -> List.of(number.column()).stream();
                    case Task.Flag flag -> List.of(flag.column()).stream();
                })
                .toList();
    }

    private int asked(List<String> names) {
        int index = names.indexOf(answer);
        if (index < 0) {
            throw new ConfigException("--answer " + answer + ": the model has no such answer"
                    + Names.hint(answer, names) + "; it has " + String.join(", ", names));
        }
        return index;
    }

    /** Gradients want the memory of a step for each picture: auto is the usual number here. */
    private int batch() {
        return looks.batch() == Room.AUTO ? Looks.ONE.batch() : looks.batch();
    }

    /** Of each picture the output that is explained. */
    private int[] outputs(GalaxyModel loaded, Maps maps, float[] seen, Integer asked, Method how) {
        int[] outputs = new int[maps.batch()];
        if (asked != null || how != Method.GRADCAM) {
            Arrays.fill(outputs, asked == null ? 0 : asked);
            return outputs;
        }
        int first = loaded.tasks().getFirst() instanceof Task.Votes votes
                ? votes.schema().indexGroups()[0][1]
                : loaded.tasks().getFirst().width();
        float[] answers = maps.answers(seen);
        int width = loaded.width();
        for (int i = 0; i < outputs.length; i++) {
            for (int k = 1; k < first; k++) {
                outputs[i] = answers[i * width + k] > answers[i * width + outputs[i]] ? k : outputs[i];
            }
        }
        return outputs;
    }

    private Path file(String id, Method how, String name) {
        String plain = id.replaceAll("[^A-Za-z0-9._+-]", "_");
        return out.resolve(
                how == Method.GRADCAM
                        ? plain + "." + name.replaceAll("[^A-Za-z0-9._+-]", "_") + ".png"
                        : plain + ".png");
    }

    private Path draw(GalaxyModel loaded, Maps maps, float[] seen, float[] all, int i, Path file) {
        int one = loaded.preprocess().length();
        int cells = maps.rows() * maps.columns();
        Thumbnails.write(
                Overlay.of(
                        loaded.preprocess(),
                        Arrays.copyOfRange(seen, i * one, (i + 1) * one),
                        Arrays.copyOfRange(all, i * cells, (i + 1) * cells),
                        maps.rows(),
                        maps.columns(),
                        side),
                file);
        return file;
    }
}
