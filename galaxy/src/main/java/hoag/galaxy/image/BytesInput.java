package hoag.galaxy.image;

import java.io.IOException;
import javax.imageio.stream.ImageInputStreamImpl;

/** A file in memory as ImageIO wants to read it; nothing is copied or cached. */
final class BytesInput extends ImageInputStreamImpl {
    private final byte[] bytes;
    private final int length;

    BytesInput(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    @Override
    public int read() throws IOException {
        checkClosed();
        bitOffset = 0;
        return streamPos < length ? bytes[(int) streamPos++] & 255 : -1;
    }

    @Override
    public int read(byte[] into, int offset, int count) throws IOException {
        checkClosed();
        bitOffset = 0;
        if (count == 0) return 0;
        if (streamPos >= length) return -1;
        int got = (int) Math.min(count, length - streamPos);
        System.arraycopy(bytes, (int) streamPos, into, offset, got);
        streamPos += got;
        return got;
    }

    @Override
    public long length() {
        return length;
    }
}
