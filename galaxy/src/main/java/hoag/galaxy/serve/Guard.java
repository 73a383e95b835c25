package hoag.galaxy.serve;

import com.sun.net.httpserver.Headers;
import hoag.kernels.ConfigException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Who may call. The name in the Host header must be one of this server's, or a page of another site whose name was made to point here could read
 * along; what a browser says of the page that calls must be this page; and where others than this machine can reach the server, a token.
 */
final class Guard {
    private final Set<String> names;
    private final int port;
    private final byte[] token;
    private final String cookie;

    /**
     * @param address where the server listens
     * @param host the address as it was written
     * @param more further names of this machine
     * @param token what a caller must know; empty for nothing
     */
    Guard(InetSocketAddress address, String host, List<String> more, String token) {
        names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
        more.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        names.add((host.contains(":") ? "[" + host + "]" : host).toLowerCase(Locale.ROOT));
        addresses(address.getAddress()).forEach(each -> names.add(text(each)));
        port = address.getPort();
        this.token = token.getBytes(StandardCharsets.UTF_8);
        cookie = "hoag-" + port;
    }

    private static List<InetAddress> addresses(InetAddress address) {
        if (!address.isAnyLocalAddress()) {
            return List.of(address);
        }
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .toList();
        } catch (SocketException e) {
            throw new ConfigException(
                    "--host " + address + ": this machine's addresses cannot be listed: " + e.getMessage(), e);
        }
    }

    private static String text(InetAddress address) {
        String text = address.getHostAddress().replaceFirst("%.*", "");
        return text.contains(":") ? "[" + text + "]" : text;
    }

    String token() {
        return new String(token, StandardCharsets.UTF_8);
    }

    boolean wantsToken() {
        return token.length > 0;
    }

    /** @throws Refusal when the Host header names another machine, or a page of another site calls */
    void site(String method, Headers headers) {
        String host = one(headers, "Host");
        if (host == null || !names.contains(host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT))) {
            throw new Refusal(
                    421, "this server does not go by that name; use its address, or start it with --name NAME");
        }
        String origin = one(headers, "Origin");
        if (origin != null && !origin.replaceFirst("^https?://", "").equalsIgnoreCase(host)) {
            throw new Refusal(403, "a page of another site may not call this server");
        }
        String from = one(headers, "Sec-Fetch-Site");
        boolean opened = method.equals("GET") && "navigate".equals(one(headers, "Sec-Fetch-Mode"));
        if (from != null && !from.equals("same-origin") && !from.equals("none") && !opened) {
            throw new Refusal(403, "a page of another site may not call this server");
        }
    }

    private static String one(Headers headers, String name) {
        List<String> all = headers.getOrDefault(name, List.of());
        if (all.size() > 1) {
            throw Refusal.badRequest(name + " is given " + all.size() + " times; want once");
        }
        return all.isEmpty() ? null : all.getFirst();
    }

    /** @throws Refusal when the token is needed and not there */
    void token(Headers headers) {
        if (wantsToken() && !knows(bearer(headers)) && !knows(cookie(headers))) {
            throw new Refusal(
                    401,
                    "this server wants its token: Authorization: Bearer TOKEN; it was printed when hoag serve started");
        }
    }

    /** Whether the text is the token; takes as long whatever differs. */
    boolean knows(String text) {
        return text != null && MessageDigest.isEqual(text.getBytes(StandardCharsets.UTF_8), token);
    }

    /** The header that lets a browser come in from now on. */
    String cookie(String text) {
        return cookie + "=" + text + "; Path=/; HttpOnly; SameSite=Strict";
    }

    private static String bearer(Headers headers) {
        String value = one(headers, "Authorization");
        return value != null && value.startsWith("Bearer ")
                ? value.substring("Bearer ".length()).strip()
                : null;
    }

    private String cookie(Headers headers) {
        for (String line : headers.getOrDefault("Cookie", List.of())) {
            for (String pair : line.split(";")) {
                if (pair.strip().startsWith(cookie + "=")) {
                    return pair.strip().substring(cookie.length() + 1);
                }
            }
        }
        return null;
    }
}
