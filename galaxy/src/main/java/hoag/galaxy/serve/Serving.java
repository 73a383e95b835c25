package hoag.galaxy.serve;

import hoag.galaxy.Serve;
import hoag.kernels.ConfigException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.HexFormat;

/** From settings to a server. */
public final class Serving {
    private Serving() {}

    /** Opens what is to be served, and serves it; see {@link Serve#start()}. */
    public static Server start(Serve settings) {
        InetAddress address = address(settings.host());
        boolean open = settings.token().isEmpty() && address.isLoopbackAddress();
        String token = open ? "" : settings.token().isEmpty() ? random() : settings.token();
        Served served = Served.open(
                settings.survey(),
                settings.model(),
                settings.images(),
                settings.labels(),
                settings.tree(),
                settings.compute(),
                settings.seed());
        try {
            InetSocketAddress at = new InetSocketAddress(address, settings.port());
            return Server.start(served, at, settings.host(), settings.name(), token, settings.rate());
        } catch (RuntimeException | Error e) {
            served.close();
            throw e;
        }
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new ConfigException(
                    "--host " + host + ": no such address; want 127.0.0.1, 0.0.0.0 or one of this machine", e);
        }
    }

    private static String random() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
