package hoag.galaxy.data;

import static hoag.galaxy.data.CatalogueTest.fails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
    @TempDir
    Path folder;

    private Path add(String name) throws IOException {
        var path = folder.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, "x");
    }

    private Catalogue catalogue(String... lines) throws IOException {
        return Catalogue.read(Files.writeString(folder.resolve("cat.csv"), String.join("\n", lines)));
    }

    @Test
    void imagesAreFoundBelowAndSorted() throws IOException {
        for (var name : List.of("b/J12.5+3.fits.gz", "a/2.JPG", "a/10.png", "notes.txt", ".hidden/3.png", "._2.jpg"))
            add(name);
        assertEquals(List.of("10", "2", "J12.5+3"), ImageFolder.of(folder).ids());
    }

    @Test
    void picturesThatAreNotReadAreNotPassedOverInSilence() throws IOException {
        for (var name : List.of("1.jpg", "1.tif", "b/2.WEBP", "notes.txt")) add(name);
        assertEquals(List.of("1"), ImageFolder.of(folder).ids());
        assertEquals(
                List.of("1", "1.tif", "b/2.WEBP"),
                ImageFolder.gather(List.of(folder)).stream()
                        .map(ImageFolder.Image::id)
                        .toList());
    }

    @Test
    void twinsAreNamedByTheirPath() throws IOException {
        for (var name : List.of("a/1.jpg", "b/1.jpg", "b/2.png")) add(name);
        var images = ImageFolder.of(folder);
        assertEquals(List.of("a/1.jpg", "b/1.jpg", "2"), images.ids());
        fails(() -> images.find("1"), "\"1\" may be a/1.jpg or b/1.jpg; give the catalogue a column \"file\"");
    }

    @Test
    void aCatalogueFindsItsImages() throws IOException {
        var one = add("a/1.jpg");
        var two = add("a/2.png");
        var images = ImageFolder.of(folder);
        assertEquals(List.of(two, one), catalogue("id,bar", "2,0", "1,1").images(images));
        assertEquals(List.of(one, two), catalogue("id,file", "x,a/1.jpg", "2,").images(images));
        assertEquals(List.of(one), catalogue("id,file", "x," + one).images(images));
        assertEquals(List.of(two), catalogue("id,file", "x,a/2.png").images(ImageFolder.of(folder.resolve("a"))));
        assertEquals(List.of(two), catalogue("id,file", "x,2.png").images(images));
        fails(() -> catalogue("id,file", "x,3.png").images(images), "line 2 (id x): no image \"3.png\"");
        fails(() -> catalogue("id,file", "x,a\0b").images(images), "no image");
        assertEquals(
                List.of("1"),
                catalogue("id,bar", "1,0", "3,1").withImages(images).ids());
        var missing = catalogue("id,bar", "1,0", "33,1", "4,1");
        fails(() -> missing.images(images), "line 3 (id 33): no image \"33\" in", "(2 of 3 rows have none)");
    }

    @Test
    void foldersWithoutImages() throws IOException {
        add("a/notes.txt");
        fails(() -> ImageFolder.of(folder), "no image among 1 files (.txt); want .jpg");
        fails(() -> ImageFolder.of(folder.resolve("none")), "no such folder of images");
    }

    @Test
    void filesAndFoldersOnACommandLine() throws IOException {
        var one = add("a/1.jpg");
        var twin = add("b/1.jpg");
        var odd = add("c/odd.name");
        assertEquals(List.of("1", "odd.name"), ids(ImageFolder.gather(List.of(folder.resolve("a"), odd))));
        assertEquals(List.of(one.toString(), twin.toString()), ids(ImageFolder.gather(List.of(one, twin, one))));
        fails(() -> ImageFolder.gather(List.of(folder.resolve("none.jpg"))), "none.jpg: no such image");
    }

    private static List<String> ids(List<ImageFolder.Image> images) {
        return images.stream().map(ImageFolder.Image::id).toList();
    }
}
