package hoag.galaxy.image;

/**
 * How a picture's channels become a model's: output o = bias[o] + sum over i of weight[o][i] * input i. Grey, mean, deviation and the scale of the
 * stored numbers are all in it.
 */
record Mix(float[] bias, float[][] weight) {
    /**
     * @param channels of the picture: 1, 3, or as many as the model has
     * @param white what the stored numbers have for 1
     */
    static Mix of(Preprocess p, int channels, double white) {
        var mix = new Mix(new float[p.channelCount()], new float[p.channelCount()][channels]);
        for (int o = 0; o < mix.bias.length; o++) {
            double deviation = p.deviation().get(o);
            mix.bias[o] = (float) (-p.mean().get(o) / deviation);
            for (int i = 0; i < channels; i++)
                mix.weight[o][i] = (float) (share(p.colours(), channels, o, i) / (white * deviation));
        }
        return mix;
    }

    private static double share(Channels colours, int channels, int out, int in) {
        if (channels == 1) return 1;
        return switch (colours) {
            case LUMINANCE -> in == 0 ? Channels.RED : in == 1 ? Channels.GREEN : Channels.BLUE;
            case MEAN -> 1.0 / 3;
            case RGB, RGB_OR_GREY, AS_IS -> in == out ? 1 : 0;
        };
    }
}
