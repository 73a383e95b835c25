package hoag.galaxy.attend;

import hoag.engine.Gradients;
import hoag.engine.Leaf;
import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Workspace;
import hoag.engine.nn.Trace;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Task;
import hoag.galaxy.models.Backbone;
import hoag.galaxy.models.LinformerVit;
import hoag.galaxy.models.VisionTransformer;
import hoag.galaxy.models.VitBlock;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import hoag.kernels.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes maps of a model's evidence or attention, a few pictures at a time. */
public final class Maps implements AutoCloseable {
    private static final String IMAGE = "image";
    private static final String PICKED = "picked";

    private final GalaxyModel model;
    private final Method method;
    private final int batch;
    private final Workspace memory;
    private final int rows;
    private final int columns;

    /**
     * Compiles the network and its gradient.
     *
     * @param batch pictures at once
     * @throws ConfigException when the network has no attention and a map of it is wanted
     */
    public Maps(Backend backend, GalaxyModel model, Method method, int batch) {
        this.method = method;
        this.model = model;
        this.batch = batch;
        int side = model.preprocess().size();
        Tensor image = Tensor.input(IMAGE, Shape.of(batch, model.preprocess().channels(), side, side));
        Tensor picked = Tensor.input(PICKED, Shape.of(batch, model.width()));
        Backbone backbone = model.net().encoder();
        Trace trace = Trace.eval();
        Tensor features = backbone.pooled(image, trace);
        Tensor outputs = model.net().head().apply(features, trace);
        Tensor map = switch (method) {
            case GRADCAM -> {
                Tensor sum =
                        reported(model.tasks(), outputs).mul(picked).sum(0, 1).reshape(1);
                yield Method.isTransformer(backbone)
                        ? overTokens(lastTokens(backbone, trace), sum, grid(backbone, side))
                        : overPixels(lastMap(features, image), sum);
            }
            case ROLLOUT -> looked(Rollout.through(Rollout.blocks(backbone, trace)), grid(backbone, side));
            case ATTENTION -> looked(Rollout.blocks(backbone, trace).getLast(), grid(backbone, side));
        };
        rows = map.shape().dim(1);
        columns = map.shape().dim(2);
        Tensor answers = tasksAnswers(model.tasks(), outputs);
        memory =
                Program.compile(backend, Map.of("map", map, "answers", answers)).workspace();
    }

    /** Pictures at once. */
    public int batch() {
        return batch;
    }

    /** Rows of a map. */
    public int rows() {
        return rows;
    }

    /** Columns of a map. */
    public int columns() {
        return columns;
    }

    /**
     * Answers of the model, as {@link Task#answer} reports them: (batch, width). Fill up with anything to a whole batch.
     *
     * @param images (batch, channels, size, size)
     */
    public float[] answers(float[] images) {
        return run(images, new float[batch * model.width()], "answers");
    }

    /**
     * Maps (batch, rows, columns), each from 0 to 1 where there is any evidence, else 0. Attention is never nothing: its faintest place is 0.
     *
     * @param images (batch, channels, size, size)
     * @param output of each picture the output of the model to explain; attention does not ask
     */
    public float[] maps(float[] images, int[] output) {
        float[] picked = new float[batch * model.width()];
        for (int i = 0; i < output.length; i++) {
            picked[i * model.width() + output[i]] = 1;
        }
        float[] maps = run(images, picked, "map");
        for (int i = 0; i < batch; i++) {
            scale(maps, i * rows * columns, rows * columns, method != Method.GRADCAM);
        }
        return maps;
    }

    private float[] run(float[] images, float[] picked, String output) {
        memory.feed(IMAGE, images);
        if (memory.reads(PICKED)) { // attention is the same for every answer
            memory.feed(PICKED, picked);
        }
        return memory.run().output(output).clone();
    }

    private static void scale(float[] maps, int from, int count, boolean fromFaintest) {
        float most = 0;
        float least = fromFaintest ? Float.MAX_VALUE : 0;
        for (int i = from; i < from + count; i++) {
            most = Math.max(most, maps[i]);
            least = fromFaintest ? Math.min(least, maps[i]) : 0;
        }
        float range = most > least ? most - least : 1;
        for (int i = from; i < from + count; i++) {
            maps[i] = (maps[i] - least) / range;
        }
    }

    /** What evidence is evidence for: of votes the logarithm of the answer's expected fraction, else the output itself. */
    private static Tensor reported(List<Task> tasks, Tensor outputs) {
        List<Tensor> parts = new ArrayList<>();
        int from = 0;
        for (Task task : tasks) {
            Tensor own = outputs.slice(1, from, task.width());
            if (task instanceof Task.Votes votes) {
                Tensor concentrations = votes.answer(own);
                for (int[] group : votes.schema().indexGroups()) {
                    Tensor question = concentrations.slice(1, group[0], group[1] - group[0]);
                    parts.add(question.div(question.sum(1)).log());
                }
            } else {
                parts.add(own);
            }
            from += task.width();
        }
        return Tensor.concat(1, parts.toArray(Tensor[]::new));
    }

    private static Tensor tasksAnswers(List<Task> tasks, Tensor outputs) {
        List<Tensor> parts = new ArrayList<>();
        int from = 0;
        for (Task task : tasks) {
            parts.add(task.answer(outputs.slice(1, from, task.width())));
            from += task.width();
        }
        return Tensor.concat(1, parts.toArray(Tensor[]::new));
    }

    // ---- Grad-CAM

    /** The map of the picture that lies nearest before the representation: (n, channels, rows, columns). */
    private static Tensor lastMap(Tensor features, Tensor image) {
        Set<Tensor> seen = new HashSet<>();
        Deque<Tensor> open = new ArrayDeque<>(List.of(features));
        while (!open.isEmpty()) {
            Tensor node = open.poll();
            if (isMap(node, image.shape().dim(0)) && node != image) {
                return node;
            }
            for (Tensor input : node.inputs()) {
                if (!(input.op() instanceof Leaf) && seen.add(input)) {
                    open.add(input);
                }
            }
        }
        throw new ConfigException("this network has no maps of the picture; Grad-CAM needs one");
    }

    private static boolean isMap(Tensor node, int n) {
        Shape s = node.shape();
        return s.rank() == 4 && s.dim(0) == n && s.dim(1) > 1 && s.dim(2) > 1 && s.dim(3) > 1;
    }

    private static Tensor overPixels(Tensor map, Tensor sum) {
        Tensor gradient = Gradients.of(sum, List.of(map)).getFirst();
        Shape s = map.shape();
        return gradient.mean(2, 3).mul(map).sum(1).relu().reshape(s.dim(0), s.dim(2), s.dim(3));
    }

    private static Tensor lastTokens(Backbone backbone, Trace trace) {
        return switch (backbone) {
            case VisionTransformer vit
            when vit.blocks().last() instanceof VitBlock block -> trace.result(block.norm1());
            case LinformerVit vit
            when vit.transformer().net().layers().last() instanceof hoag.engine.nn.Sequential parts
                    && parts.parts().firstEntry().getValue() instanceof LinformerVit.PreNorm first ->
                trace.result(first.norm());
            default -> throw new ConfigException("this transformer's last block is of no known kind");
        };
    }

    private static Tensor overTokens(Tensor tokens, Tensor sum, int grid) {
        Tensor gradient = Gradients.of(sum, List.of(tokens)).getFirst();
        int extra = tokens.shape().dim(1) - grid * grid;
        Tensor patches = tokens.slice(1, extra, grid * grid);
        Tensor weight = gradient.slice(1, extra, grid * grid).mean(1);
        return patches.mul(weight).sum(2).relu().reshape(tokens.shape().dim(0), grid, grid);
    }

    // ---- attention

    private static int grid(Backbone backbone, int side) {
        return switch (backbone) {
            case VisionTransformer vit -> side / vit.patch_embed().proj().stride();
            case LinformerVit vit ->
                (int) Math.round(Math.sqrt(vit.pos_embedding().shape().dim(1) - 1));
            default ->
                throw new ConfigException(
                        "attention maps are for vision transformers; of this network Grad-CAM can be had: --method"
                                + " gradcam");
        };
    }

    /** What the class token sees; without one, what all tokens see on average. */
    private static Tensor looked(Tensor attention, int grid) {
        Shape s = attention.shape();
        int extra = s.dim(1) - grid * grid;
        Tensor from = extra > 0 ? attention.slice(1, 0, 1) : attention.mean(1);
        return from.slice(2, extra, grid * grid).reshape(s.dim(0), grid, grid);
    }

    @Override
    public void close() {
        memory.close();
    }
}
