package hoag.bench;

import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.ImageFolder;
import hoag.galaxy.image.Bands;
import hoag.galaxy.image.Images;
import hoag.galaxy.image.Picture.Floats;
import hoag.galaxy.image.Stretch;
import hoag.galaxy.image.Thumbnails;
import java.nio.file.Path;
import java.util.List;

/** Colour pictures of simulated star clusters, I as red, V as green and B as blue, for models and features that look at such. */
public final class Stamps {
    private static final Bands BANDS = Bands.parse("I,V,B");
    private static final Stretch STRETCH = new Stretch(10, 0, 99.9, false);

    private Stamps() {}

    /** @param args catalogue, folder of FITS files, folder to write {@code ID.png} into */
    public static void main(String... args) {
        Catalogue catalogue = Catalogue.read(Path.of(args[0]));
        List<Path> files = catalogue.images(ImageFolder.of(Path.of(args[1])));
        for (int i = 0; i < files.size(); i++) {
            Floats seen = STRETCH.apply((Floats) Images.read(files.get(i), BANDS));
            Floats shown = new Floats(seen.width(), seen.height(), seen.channels(), false);
            double white = Math.log(STRETCH.q() + Math.hypot(STRETCH.q(), 1));
            for (int j = 0; j < shown.values().length; j++) {
                shown.values()[j] = (float) (seen.values()[j] / white);
            }
            Thumbnails.write(shown, Path.of(args[2], catalogue.ids().get(i) + ".png"));
        }
    }
}
