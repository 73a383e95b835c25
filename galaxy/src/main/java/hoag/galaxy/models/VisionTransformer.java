package hoag.galaxy.models;

import hoag.engine.Resize;
import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.engine.nn.Init;
import hoag.engine.nn.LayerNorm;
import hoag.engine.nn.Linear;
import hoag.engine.nn.Module;
import hoag.engine.nn.Sequential;
import hoag.engine.nn.Trace;
import hoag.engine.train.LayerDecay;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Vision transformer (Dosovitskiy et al. 2021; Oquab et al. 2023): patches become tokens, which learn where they are from {@code pos_embed}
 * and look at each other. Other picture sizes than the embedding's resize it.
 *
 * @param cls_token (1, 1, width), a token that stands for the picture, or else for nothing; null where there is none
 * @param pos_embed (1, class token and patches, width)
 * @param norm of all tokens, or null
 * @param fc_norm of the patches' mean, which then stands for the picture, or null
 * @param head the classifier, or null
 */
public record VisionTransformer(
        Variable cls_token,
        Variable pos_embed,
        PatchEmbed patch_embed,
        Sequential blocks,
        LayerNorm norm,
        LayerNorm fc_norm,
        Linear head)
        implements Backbone {
    /** What stands for a picture; timm's options {@code class_token}, {@code global_pool} and {@code fc_norm}. */
    enum Pooling {
        /** The class token. */
        TOKEN("", true, true),
        /** The mean of the patches, then a norm; no class token. */
        MEAN("_avg", false, false),
        /** All tokens are normed, then the mean of them; no class token. */
        NORMED_MEAN("_gap", false, true),
        /** The mean of the patches, then a norm; a class token takes part in the attention alone. */
        MEAN_BESIDE_TOKEN("_cls_avg", true, false);

        /** In the architecture's name. */
        final String suffix;

        final boolean token;
        final boolean normsTokens;

        Pooling(String suffix, boolean token, boolean normsTokens) {
            this.suffix = suffix;
            this.token = token;
            this.normsTokens = normsTokens;
        }

        static Pooling of(boolean token, boolean normsTokens) {
            return Arrays.stream(values())
                    .filter(pooling -> pooling.token == token && pooling.normsTokens == normsTokens)
                    .findFirst()
                    .orElseThrow();
        }

        static Pooling suffixed(String suffix) {
            return Arrays.stream(values())
                    .filter(pooling -> pooling.suffix.equals(suffix))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /**
     * @param scaled whether blocks have {@link hoag.engine.nn.LayerScale}
     * @param size pixels of a side that it is published for
     */
    record Plan(int size, int patch, int width, int depth, int heads, int hidden, boolean scaled, Pooling pooling) {
        static Plan of(int size, int patch, int width, int heads) {
            return new Plan(size, patch, width, 12, heads, 4 * width, false, Pooling.TOKEN);
        }

        /** As DINOv2 has it. */
        Plan withScale() {
            return new Plan(size, patch, width, depth, heads, hidden, true, pooling);
        }

        Plan pooling(Pooling pooling) {
            return new Plan(size, patch, width, depth, heads, hidden, scaled, pooling);
        }
    }

    static VisionTransformer of(Init init, Plan plan, Backbones.Choice choice) {
        int grid = choice.sizeOr(plan.size()) / plan.patch();
        int width = plan.width();
        List<Module> blocks = new ArrayList<>();
        for (int i = 0; i < plan.depth(); i++) {
            blocks.add(VitBlock.of(init, plan, choice.dropPath() * i / Math.max(1, plan.depth() - 1)));
        }
        int tokens = grid * grid + (plan.pooling().token ? 1 : 0);
        LayerNorm norm = LayerNorm.of(init, width, 1e-6, -1);
        return new VisionTransformer(
                plan.pooling().token ? init.normal("cls_token", Shape.of(1, 1, width), 1e-6) : null,
                init.normal("pos_embed", Shape.of(1, tokens, width), 0.02),
                PatchEmbed.of(init, choice.channels(), width, plan.patch()),
                Sequential.of(blocks),
                plan.pooling().normsTokens ? norm : null,
                plan.pooling().normsTokens ? null : norm,
                choice.classes() == 0 ? null : Linear.of(init, width, choice.classes()));
    }

    /** (n, class token and patches, width) after the last block and the norm. */
    public Tensor tokens(Tensor images, Trace trace) {
        Tensor patches = patch_embed.apply(images, trace);
        int n = patches.shape().dim(0);
        int patch = patch_embed.proj().stride();
        Tensor place = place(images.shape().dim(2) / patch, images.shape().dim(3) / patch);
        Tensor x = patches.add(place.slice(1, prefix(), patches.shape().dim(1)));
        if (cls_token != null) {
            Tensor token = cls_token.tensor().add(place.slice(1, 0, 1)).expand(Shape.of(n, 1, features()));
            x = Tensor.concat(1, token, x);
        }
        Tensor y = blocks.apply(x, trace);
        return norm == null ? y : norm.apply(y, trace);
    }

    private int prefix() {
        return cls_token == null ? 0 : 1;
    }

    /** The position embedding for a grid of patches. */
    private Tensor place(int rows, int columns) {
        int known = pos_embed.shape().dim(1) - prefix();
        int grid = (int) Math.round(Math.sqrt(known));
        return Resize.positions(pos_embed.tensor(), prefix(), grid, grid, rows, columns);
    }

    /** (n, width, h/patch, w/patch): the patches' tokens in their places. */
    @Override
    public Tensor map(Tensor images, Trace trace) {
        int patch = patch_embed.proj().stride();
        int rows = images.shape().dim(2) / patch;
        int columns = images.shape().dim(3) / patch;
        return tokens(images, trace)
                .slice(1, prefix(), rows * columns)
                .permute(0, 2, 1)
                .reshape(images.shape().dim(0), features(), rows, columns);
    }

    @Override
    public Tensor pooled(Tensor images, Trace trace) {
        Tensor tokens = tokens(images, trace);
        int n = tokens.shape().dim(0);
        Tensor one = (isMean() ? patches(tokens).mean(1) : tokens.slice(1, 0, 1)).reshape(n, features());
        return fc_norm == null ? one : fc_norm.apply(one, trace);
    }

    private boolean isMean() {
        return cls_token == null || fc_norm != null;
    }

    private Tensor patches(Tensor tokens) {
        return cls_token == null ? tokens : tokens.slice(1, 1, tokens.shape().dim(1) - 1);
    }

    @Override
    public int features() {
        return pos_embed.shape().dim(2);
    }

    @Override
    public Linear classifier() {
        return head;
    }

    /** The embedding, then the blocks in four parts. */
    @Override
    public List<List<String>> groups() {
        List<List<String>> groups = new ArrayList<>(List.of(List.of("cls_token", "pos_embed", "patch_embed")));
        int depth = blocks.size();
        for (int part = 0; part < 4; part++) {
            List<String> group = new ArrayList<>();
            for (int i = part * depth / 4; i < (part + 1) * depth / 4; i++) {
                group.add("blocks." + i);
            }
            groups.add(group);
        }
        groups.getLast().addAll(List.of("norm", "fc_norm"));
        return groups;
    }

    @Override
    public LayerDecay layers() {
        return LayerDecay.VIT;
    }
}
