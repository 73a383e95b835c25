package hoag.galaxy.image;

/**
 * What a JPEG says of itself, found by walking its markers (ITU T.81, annex B) before anything is decoded.
 *
 * @param components colours a pixel: 1 grey, 3 colour, 4 CMYK; 0 where no frame header was found
 * @param frame the frame's marker: 0xC0 and 0xC1 baseline, 0xC2 progressive, others are not in use
 * @param complete whether the end marker was reached; if not, the file is cut short
 */
record JpegHeader(int width, int height, int components, int bits, int frame, boolean complete) {
    static JpegHeader scan(byte[] file, int length) {
        return new Walk(file, length).header();
    }

    private static final class Walk {
        private final byte[] file;
        private final int length;
        private int at = 2;
        private int frame;
        private int frameAt;
        private boolean complete;

        Walk(byte[] file, int length) {
            this.file = file;
            this.length = length;
        }

        JpegHeader header() {
            while (!complete && at + 1 < length) marker();
            if (frameAt == 0 || frameAt + 8 > length) return new JpegHeader(0, 0, 0, 0, 0, complete);
            return new JpegHeader(
                    pair(frameAt + 5),
                    pair(frameAt + 3),
                    file[frameAt + 7] & 255,
                    file[frameAt + 2] & 255,
                    frame,
                    complete);
        }

        private void marker() {
            int marker = file[at + 1] & 255;
            if (file[at] != -1 || marker == 0 || marker == 0xff || (marker >= 0xd0 && marker <= 0xd7) || marker == 1)
                at++;
            else if (marker == 0xd9) complete = true;
            else segment(marker);
        }

        private void segment(int marker) {
            if (frameAt == 0 && isFrame(marker)) {
                frame = marker;
                frameAt = at + 2;
            }
            at = at + 3 < length ? at + 2 + pair(at + 2) : length;
        }

        /** After a scan header the entropy-coded bytes follow; {@link #marker} steps over them, as no marker stands among them. */
        private static boolean isFrame(int marker) {
            return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        }

        private int pair(int at) {
            return (file[at] & 255) << 8 | (file[at + 1] & 255);
        }
    }
}
