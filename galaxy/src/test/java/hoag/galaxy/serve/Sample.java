package hoag.galaxy.serve;

import hoag.galaxy.Compute;
import hoag.galaxy.Serve;
import hoag.galaxy.image.Picture;
import hoag.galaxy.image.Thumbnails;
import hoag.galaxy.map.Column;
import hoag.galaxy.map.Made;
import hoag.galaxy.map.MapWriter;
import hoag.galaxy.survey.Entry;
import hoag.galaxy.survey.Survey;
import hoag.galaxy.survey.SurveyInfo;
import hoag.galaxy.survey.SurveyWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A small survey of drawn discs, a server for it, and somebody who asks. */
final class Sample {
    static final int GALAXIES = 40;
    static final HttpClient CLIENT = HttpClient.newHttpClient();

    private Sample() {}

    /** Galaxies g0, g1 ... on the sky, the last without a thumbnail; one id needs escaping everywhere. */
    static Path survey(Path file) {
        Random random = new Random(3);
        try (SurveyWriter survey =
                new SurveyWriter(file, new SurveyInfo(8, "sha256:test", "/nowhere/m.safetensors", 1), 16)) {
            for (int i = 0; i < GALAXIES; i++) {
                float[] features = new float[8];
                for (int j = 0; j < 8; j++) {
                    features[j] = (float) random.nextGaussian() + (i % 4 == 0 ? 3 : 0);
                }
                survey.append(new Entry(
                        id(i),
                        10 + i * 0.1,
                        -5 + i * 0.05,
                        Map.of("mag", 14 + i * 0.1 + "", "note", "<script>alert(1)</script>"),
                        features,
                        i == GALAXIES - 1 ? new byte[0] : Thumbnails.jpeg(picture(i, 96), 0.85)));
            }
        }
        return file;
    }

    /** Two heaps, every fourth galaxy in the right one; the last galaxy has no place. Columns cluster and density. */
    static void map(Path file) {
        float[][] places = new float[GALAXIES - 1][];
        int[] cluster = new int[places.length];
        float[] density = new float[places.length];
        Random random = new Random(4);
        for (int i = 0; i < places.length; i++) {
            cluster[i] = i % 4 == 0 ? 1 : i % 4 == 1 ? -1 : 0;
            density[i] = i == 3 ? Float.NaN : i;
            places[i] = new float[] {(i % 4 == 0 ? 10 : 0) + random.nextFloat(), 2 * random.nextFloat()};
        }
        try (Survey survey = Survey.open(file)) {
            Made made = Made.of(survey, places.length, "drawn", 4, Map.of());
            MapWriter.places(survey, made, places, List.of());
            MapWriter.columns(survey, Column.of("cluster", made, cluster), Column.of("density", made, density));
        }
    }

    static String id(int i) {
        return i == 7 ? "a/b <&\"'%+ ü" : "g" + i;
    }

    /** A disc on noise. */
    static Picture picture(int seed, int side) {
        Picture.Bytes picture = new Picture.Bytes(side, side, 3);
        Random random = new Random(seed);
        for (int i = 0; i < side * side; i++) {
            double x = (i % side - side / 2.0) / side;
            double y = (i / side - side / 2.0) / side * (1 + seed % 4);
            double light = 200 * Math.exp(-(x * x + y * y) * (20 + 10 * (seed % 5)));
            for (int c = 0; c < 3; c++) {
                picture.values()[3 * i + c] = (byte) Math.min(255, light + random.nextInt(30));
            }
        }
        return picture;
    }

    /** Picture files of the first galaxies. */
    static Path pictures(Path folder, int count) throws IOException {
        Files.createDirectories(folder);
        for (int i = 0; i < count; i++) {
            Thumbnails.write(picture(i, 64), folder.resolve("g" + i + ".png"));
        }
        return folder;
    }

    static Serve serve(Path survey, Path... images) {
        return new Serve(survey, images).rate(1_000_000).compute(Compute.cpu(1));
    }

    /** Answers to one request. */
    record Said(int status, String body, HttpResponse<byte[]> whole) {
        String header(String name) {
            return whole.headers().firstValue(name).orElse("");
        }
    }

    static Said get(Server server, String path, String... headers) throws Exception {
        return send(request(server, path, headers).GET().build());
    }

    static Said post(Server server, String path, String json, String... headers) throws Exception {
        return send(request(server, path, headers)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    static HttpRequest.Builder request(Server server, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.address().getPort() + path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    static Said send(HttpRequest request) throws Exception {
        HttpResponse<byte[]> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
        return new Said(response.statusCode(), new String(response.body()), response);
    }
}
