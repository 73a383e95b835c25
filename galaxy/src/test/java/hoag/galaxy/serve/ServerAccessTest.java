package hoag.galaxy.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.Serve;
import hoag.kernels.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who gets what: pictures and nothing else of the machine, no other site, outside this machine by token. */
class ServerAccessTest extends ServerFixture {
    @Test
    void picturesAreStretchedAndNothingElseIsRead() throws Exception {
        assertEquals("image/jpeg", Sample.get(server, "/galaxies/g1/thumbnail").header("Content-Type"));
        error(404, Sample.get(server, "/galaxies/g39/thumbnail"));
        Sample.Said plain = Sample.get(server, "/galaxies/g1/picture");
        assertEquals("image/png", plain.header("Content-Type"));
        Sample.Said lifted = Sample.get(server, "/galaxies/g1/picture?stretch=asinh&q=100");
        assertTrue(mean(lifted) > mean(plain) + 20, mean(plain) + " " + mean(lifted));
        error(400, Sample.get(server, "/galaxies/g1/picture?low=50"));
        error(404, Sample.get(server, "/galaxies/g9/picture"));
        Path secret = Files.writeString(folder.resolve("secret.png"), "secret");
        Path link = folder.resolve("images/g9.png");
        Files.createSymbolicLink(link, secret);
        for (String path : List.of(
                "/galaxies/..%2F..%2Fsecret/picture",
                "/galaxies/..%2Fsecret.png/picture",
                "/page/../../secret.png",
                "/page/..%2F..%2F..%2Fmodule-info.class",
                "//etc/passwd",
                "/galaxies/g9/picture",
                "/page/secret.png")) {
            Sample.Said said = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertTrue(said.status() == 404 || said.status() == 400, path + " " + said.status());
            assertFalse(said.body().contains("secret\n") || said.body().contains("root:"), path);
        }
        server.close(); // a link that is there when the server starts leads nowhere either
        server =
                Sample.serve(folder.resolve("s.hoag"), folder.resolve("images")).start();
        error(404, Sample.get(server, "/galaxies/g9/picture"));
    }

    private static double mean(Sample.Said said) throws IOException {
        var image = javax.imageio.ImageIO.read(
                new java.io.ByteArrayInputStream(said.whole().body()));
        double sum = 0;
        for (int i = 0; i < 64 * 64; i++) {
            sum += image.getRGB(i % 64, i / 64) & 255;
        }
        return sum / 64 / 64;
    }

    @Test
    void otherSitesAreKeptOut() throws Exception {
        String get = "GET /survey HTTP/1.1\r\nConnection: close\r\n";
        assertEquals(200, raw(get + "Host: localhost:1\r\n\r\n").status());
        assertEquals(421, raw(get + "Host: evil.example\r\n\r\n").status());
        assertEquals(421, raw(get + "\r\n").status());
        assertEquals(
                403,
                raw(get + "Host: localhost\r\nOrigin: http://evil.example\r\n\r\n")
                        .status());
        assertEquals(403, raw(get + "Host: localhost\r\nOrigin: null\r\n\r\n").status());
        assertEquals(
                403,
                raw(get + "Host: localhost\r\nSec-Fetch-Site: cross-site\r\n\r\n")
                        .status());
        assertEquals(
                200,
                raw(get + "Host: localhost\r\nOrigin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n\r\n")
                        .status());
        String form = "POST /labels/undo HTTP/1.1\r\nConnection: close\r\nHost: localhost\r\nContent-Length: 2\r\n";
        assertEquals(415, raw(form + "Content-Type: text/plain\r\n\r\n{}").status());
        assertEquals(
                415,
                raw(form + "Content-Type: application/x-www-form-urlencoded\r\n\r\n{}")
                        .status());
        assertEquals(
                403,
                raw(form + "Content-Type: application/json\r\nOrigin: http://evil.example\r\n\r\n{}")
                        .status());
        Sample.Said page = Sample.get(server, "/");
        assertTrue(page.header("Content-Security-Policy").startsWith("default-src 'none'; script-src 'self';"));
        assertEquals("nosniff", page.header("X-Content-Type-Options"));
        assertEquals("", page.header("Access-Control-Allow-Origin"));
        assertEquals(
                304,
                Sample.get(server, "/", "If-None-Match", page.header("ETag")).status());
    }

    @Test
    void aTokenIsWantedOutsideThisMachine() throws Exception {
        server.close();
        Serve settings = Sample.serve(folder.resolve("s.hoag"));
        server = settings.host("0.0.0.0").name(List.of("galaxies.example")).start();
        assertEquals(32, server.token().length());
        assertTrue(server.url().endsWith("/#token=" + server.token()), server.url());
        assertTrue(error(401, Sample.get(server, "/survey")).startsWith("this server wants its token"));
        error(401, Sample.get(server, "/galaxies/g1/thumbnail"));
        error(401, Sample.get(server, "/openapi.json"));
        error(
                401,
                Sample.get(
                        server,
                        "/survey",
                        "Authorization",
                        "Bearer " + server.token().substring(1)));
        error(401, Sample.post(server, "/session", "{\"token\":\"wrong\"}"));
        assertEquals(200, Sample.get(server, "/").status(), "the page asks for the token");
        assertEquals(
                200,
                Sample.get(server, "/survey", "Authorization", "Bearer " + server.token())
                        .status());
        String cookie = Sample.post(server, "/session", "{\"token\":\"" + server.token() + "\"}")
                .header("Set-Cookie");
        assertTrue(cookie.contains("; HttpOnly; SameSite=Strict"), cookie);
        assertEquals(
                200,
                Sample.get(server, "/galaxies/g1/thumbnail", "Cookie", cookie.split(";")[0])
                        .status());
        String named = "GET / HTTP/1.1\r\nConnection: close\r\nHost: galaxies.example\r\n\r\n";
        assertEquals(200, raw(named).status());
        assertTrue(assertThrows(ConfigException.class, () -> settings.token("short"))
                .getMessage()
                .startsWith("--token is not allowed"));
    }
}
