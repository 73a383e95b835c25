package hoag.galaxy.serve;

import hoag.galaxy.image.Bands;
import hoag.galaxy.image.Images;
import hoag.galaxy.image.Picture;
import hoag.galaxy.image.Pixels;
import hoag.galaxy.image.Stretch;
import hoag.galaxy.image.Thumbnails;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Pictures of galaxies: thumbnails from the survey, and the files themselves, stretched as asked. */
final class PicturesPart implements Part {
    private static final String JPEG = "image/jpeg";
    private static final String PNG = "image/png";

    private final Served served;
    private final Turns turns;

    PicturesPart(Served served, Turns turns) {
        this.served = served;
        this.turns = turns;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.file(
                        "/galaxies/{id}/thumbnail",
                        "Its small picture.",
                        List.of(JPEG),
                        this::thumbnail,
                        SurveyPart.GALAXY),
                Route.file(
                        "/galaxies/{id}/picture",
                        "Its picture from the file; 404 where the server was not told of the folder.",
                        List.of(PNG),
                        this::picture,
                        SurveyPart.GALAXY,
                        Parameter.query("side", new Form.Whole(16, 2048), 1024L, "the long side in pixels, at most"),
                        Parameter.query(
                                "stretch",
                                new Form.Choice("auto", "asinh"),
                                "auto",
                                "auto: JPEG and PNG as they are, FITS by asinh"),
                        Parameter.query("q", new Form.Real(1e-6, 1e6), 1.0, "how much faint light is lifted"),
                        Parameter.query("low", new Form.Real(0, 49), 0.0, "percentile that becomes black"),
                        Parameter.query("high", new Form.Real(50, 100), 99.7, "percentile that becomes white"),
                        Parameter.query(
                                "bands",
                                new Form.Many(new Form.Whole(0, 1_000_000), 1, 3),
                                null,
                                "planes of a FITS file for grey, or for red, green and blue")));
    }

    private Reply thumbnail(Call call) {
        byte[] jpeg = served.survey().thumbnail(served.row(call.text("id")));
        if (jpeg.length == 0) {
            throw Refusal.notFound("the survey has no thumbnail of that galaxy");
        }
        return Reply.of(JPEG, jpeg).header("Cache-Control", "private, max-age=600");
    }

    private Reply picture(Call call) {
        String id = call.text("id");
        Path file = served.pictures().find(id, served.survey().columns(served.row(id)));
        if (file == null) {
            throw Refusal.notFound("there is no picture file of that galaxy; start the server with --images DIR");
        }
        return turns.take(() -> Reply.of(PNG, Thumbnails.png(shown(call, file))))
                .header("Cache-Control", "private, max-age=600");
    }

    private static Picture shown(Call call, Path file) {
        int planes = Images.planes(file);
        Picture picture = Images.read(file, planes == 0 ? Bands.SINGLE : bands(call, planes));
        if (call.text("stretch").equals("asinh") || planes > 0) {
            picture = stretched(picture, new Stretch(call.real("q"), call.real("low"), call.real("high"), true));
        }
        int side = Math.max(picture.width(), picture.height());
        return side <= call.whole("side") ? picture : Thumbnails.of(picture, call.whole("side"));
    }

    /** Those asked for, else the last three from the reddest on, as surveys order them from blue to red. */
    private static Bands bands(Call call, int planes) {
        List<Integer> wanted = call.has("bands")
                ? ((List<?>) call.values().get("bands"))
                        .stream().map(each -> ((Long) each).intValue()).toList()
                : planes >= 3 ? List.of(planes - 1, (planes - 1) / 2, 0) : List.of(0);
        if (wanted.size() == 2) {
            throw Refusal.badRequest("bands are " + wanted + "; want one, or three for red, green and blue");
        }
        for (int plane : wanted) {
            if (plane >= planes) {
                throw Refusal.badRequest(
                        "bands are " + wanted + "; the file has " + planes + " planes, counted from 0");
            }
        }
        return new Bands(-1, wanted);
    }

    /** With white at 1, whatever q. */
    private static Picture stretched(Picture picture, Stretch stretch) {
        Picture.Floats values = Pixels.floats(picture);
        Picture.Floats out = stretch.apply(
                new Picture.Floats(values.width(), values.height(), values.channels(), values.values(), true));
        float white = (float) (Math.log(stretch.q() + Math.sqrt(stretch.q() * stretch.q() + 1)));
        IntStream.range(0, out.size()).forEach(i -> out.values()[i] /= white);
        return out;
    }
}
