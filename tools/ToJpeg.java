import java.io.File;
import java.awt.Color;
import java.awt.image.BufferedImage;
import javax.imageio.ImageIO;

/** A screenshot as a JPEG, a fifth of its size: java tools/ToJpeg.java in.png out.jpg. */
final class ToJpeg {
    public static void main(String[] args) throws Exception {
        BufferedImage png = ImageIO.read(new File(args[0]));
        BufferedImage rgb = new BufferedImage(png.getWidth(), png.getHeight(), BufferedImage.TYPE_INT_RGB);
        rgb.createGraphics().drawImage(png, 0, 0, Color.BLACK, null);
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        var how = writer.getDefaultWriteParam();
        how.setCompressionMode(javax.imageio.ImageWriteParam.MODE_EXPLICIT);
        how.setCompressionQuality(0.86f);
        try (var out = ImageIO.createImageOutputStream(new File(args[1] + ".tmp"))) {
            writer.setOutput(out);
            writer.write(null, new javax.imageio.IIOImage(rgb, null, null), how);
        }
        java.nio.file.Files.move(
                java.nio.file.Path.of(args[1] + ".tmp"),
                java.nio.file.Path.of(args[1]),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
}
