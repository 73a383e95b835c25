package hoag.galaxy.simulate;

import hoag.galaxy.image.Picture;
import hoag.galaxy.image.Thumbnails;
import java.nio.file.Path;
import java.util.List;

/**
 * A galaxy that never was, with its truth, what volunteers would say of it, and its picture.
 *
 * @param truth what it is
 * @param votes how many volunteers gave each answer of {@link Volunteers#columns()}
 * @param planes counts (g, r, z; row; column), sky taken off
 * @param picture as a survey shows it
 */
public record SimulatedGalaxy(Morphology truth, int[] votes, float[][][] planes, Picture.Bytes picture) {
    /** g, r, z. */
    public static final List<String> BANDS = List.of("g", "r", "z");

    /** Light that a small galaxy in the field is measured by, counts for a side of 64 pixels. */
    private static final double FIELD = 3e5;

    /**
     * (kind, observation, seed, number) says everything of it.
     *
     * @param number tells galaxies of one seed apart
     */
    public static SimulatedGalaxy of(GalaxyKind kind, Observation observation, long seed, long number) {
        Draw draw = Draw.of(seed, number);
        int side = observation.size();
        Morphology truth = kind.draw(draw, side);
        Sky sky = new Sky(side);
        Painter.paint(sky, truth, draw);
        Painter.field(sky, FIELD * side * side / 4096.0, draw);
        sky.blur(new PointSpread(observation.seeing()));
        sky.expose(observation.sky(), draw);
        double noise = Math.sqrt(observation.sky());
        int[] votes = Volunteers.votes(truth, observation.people(), clear(truth, noise), draw);
        return new SimulatedGalaxy(truth, votes, sky.planes(), sky.picture(2 * noise, 250 * noise));
    }

    /** Signal by noise a pixel within the effective radius, from 1 at 0 to 15 at almost 1. */
    private static double clear(Morphology truth, double noise) {
        double r = truth.body().radius();
        double signal = truth.flux() / (2 * Math.PI * r * r) / noise;
        return signal / (signal + 2);
    }

    /** Writes the picture: PNG, or FITS with SIMULATE = T and the kind in every header. */
    void write(Path file, PictureKind kind) {
        switch (kind) {
            case PNG -> Thumbnails.write(picture, file);
            case FITS -> SimulatedFits.write(file, planes, BANDS, truth.kind().text());
        }
    }
}
