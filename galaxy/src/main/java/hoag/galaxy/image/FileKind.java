package hoag.galaxy.image;

import java.nio.charset.StandardCharsets;

/** What a file is, by its first bytes and never by its name. */
enum FileKind {
    JPEG,
    PNG,
    FITS,
    GZIP,
    OTHER;

    /** As many bytes as tell the kinds apart. */
    static final int BYTES = 12;

    static FileKind of(byte[] head, int length) {
        if (starts(head, length, "\u00ff\u00d8\u00ff")) return JPEG;
        if (starts(head, length, "\u0089PNG\r\n\u001a\n")) return PNG;
        if (starts(head, length, "SIMPLE  =")) return FITS;
        return starts(head, length, "\u001f\u008b") ? GZIP : OTHER;
    }

    /** What a file that is none of these seems to be, for the message. */
    static String guess(byte[] head, int length) {
        if (starts(head, length, "GIF8")) return "it is a GIF";
        if (starts(head, length, "BM")) return "it seems to be a BMP";
        if (starts(head, length, "II*\0") || starts(head, length, "MM\0*")) return "it is a TIFF";
        if (starts(head, length, "RIFF")) return "it seems to be a WebP";
        if (starts(head, length, "<")) return "it seems to be a web page or XML";
        var bytes = new StringBuilder();
        for (int i = 0; i < Math.min(length, 8); i++) bytes.append(" %02x".formatted(head[i]));
        return "it starts with" + bytes;
    }

    private static boolean starts(byte[] head, int length, String magic) {
        var wanted = magic.getBytes(StandardCharsets.ISO_8859_1);
        if (length < wanted.length) return false;
        for (int i = 0; i < wanted.length; i++) if (head[i] != wanted[i]) return false;
        return true;
    }
}
