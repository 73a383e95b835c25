package hoag.galaxy.image;

import hoag.galaxy.image.Picture.Bytes;
import hoag.galaxy.image.Picture.Floats;

/**
 * How much of a picture a transform can see: what a {@link PictureCache} keeps of it. The picture is stretched if it is flux, and reduced as the
 * preprocessing does it; one that is smaller already is kept as it is. With {@code size} the preprocessing's own and no zoom, what the model
 * then reads has the same bits as without the cache.
 *
 * @param preprocess that the transform ends in
 * @param size at which one pixel of the kept picture is at most one of the model's, whatever the zoom
 */
public record Kept(Preprocess preprocess, int size) {
    /** What a transform sees that magnifies up to so much, beside the preprocessing's own zoom. */
    static Kept of(Preprocess preprocess, double zoom) {
        return new Kept(preprocess, (int) Math.ceil(preprocess.size() * preprocess.zoom() * zoom));
    }

    /** All that decides what is kept: other pictures are other entries. */
    String key() {
        return "%d %s %s %s %s %s"
                .formatted(
                        size,
                        preprocess.crop(),
                        preprocess.fit(),
                        preprocess.filter(),
                        preprocess.stretch(),
                        preprocess.bands());
    }

    /** The picture as it is kept, in arrays of its own. */
    Picture apply(Picture picture, Scratch scratch) {
        var lit = preprocess.lit(picture, scratch);
        var aim = preprocess.size(size);
        int w = aim.side(lit.width(), lit.height()), h = aim.side(lit.height(), lit.width());
        return copy(w < lit.width() && h < lit.height() ? Resize.to(lit, w, h, preprocess.filter(), scratch) : lit);
    }

    private static Picture copy(Picture picture) {
        return switch (picture) {
            case Bytes p ->
                new Bytes(p.width(), p.height(), p.channels(), java.util.Arrays.copyOf(p.values(), p.size()));
            case Floats p ->
                new Floats(
                        p.width(), p.height(), p.channels(), java.util.Arrays.copyOf(p.values(), p.size()), p.flux());
        };
    }
}
