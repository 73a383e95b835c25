package outside.galaxy;

import hoag.galaxy.Model;
import java.awt.image.BufferedImage;
import java.nio.file.Path;

/** Somebody else's program: asks a model about a picture in memory. */
public class Look {
    public static void main(String[] args) {
        try (Model model = Model.load(Path.of(args[0]))) {
            System.out.println(model.predict(new BufferedImage(48, 48, BufferedImage.TYPE_INT_RGB)));
        }
    }
}
