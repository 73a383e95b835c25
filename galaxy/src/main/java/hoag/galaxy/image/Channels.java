package hoag.galaxy.image;

import java.util.Locale;

/** What a model takes for colours. */
public enum Channels {
    /** Red, green, blue; a grey picture is refused. */
    RGB,
    /** Red, green, blue; a grey picture is given three times. */
    RGB_OR_GREY,
    /** One channel: 0.2989 R + 0.587 G + 0.114 B of a colour picture, a grey one as it is. */
    LUMINANCE,
    /** One channel: (R + G + B) / 3 of a colour picture, a grey one as it is. */
    MEAN,
    /** The picture's channels as they stand, as many as the model's means. */
    AS_IS;

    static final float RED = 0.2989f;
    static final float GREEN = 0.587f;
    static final float BLUE = 0.114f;

    /** As settings and model files write it: {@code rgb_or_grey}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean grey() {
        return this == LUMINANCE || this == MEAN;
    }
}
