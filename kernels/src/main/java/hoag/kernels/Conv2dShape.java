package hoag.kernels;

/**
 * The sizes of a two-dimensional convolution: input (n, c, h, w), filter (k, c/groups, kh, kw), output (n, k, oh, ow) with
 * oh = (h + top + bottom - (kh - 1) * dilationH - 1) / strideH + 1. Padding is with zeros.
 */
public record Conv2dShape(
        int n,
        int c,
        int h,
        int w,
        int k,
        int kh,
        int kw,
        int strideH,
        int strideW,
        int top,
        int left,
        int bottom,
        int right,
        int dilationH,
        int dilationW,
        int groups) {
    /** Checks that sizes, padding and groups belong together. */
    public Conv2dShape {
        if (groups < 1 || c % groups != 0 || k % groups != 0) {
            throw new ShapeException(
                    "conv2d: groups=" + groups + " does not divide the " + c + " input and " + k + " output channels");
        }
        if (strideH < 1 || strideW < 1 || dilationH < 1 || dilationW < 1) {
            throw new ShapeException("conv2d: strides [" + strideH + ", " + strideW + "] and dilations [" + dilationH
                    + ", " + dilationW + "] must be at least 1");
        }
        if (Math.min(Math.min(top, left), Math.min(bottom, right)) < 0) {
            throw new ShapeException(
                    "conv2d: padding [" + top + ", " + left + ", " + bottom + ", " + right + "] must not be negative");
        }
        if (h + top + bottom < (kh - 1) * dilationH + 1 || w + left + right < (kw - 1) * dilationW + 1) {
            throw new ShapeException(
                    "conv2d: input of " + h + "x" + w + " with padding is smaller than the filter of " + kh + "x" + kw);
        }
    }

    /** Height of the output. */
    public int oh() {
        return (h + top + bottom - (kh - 1) * dilationH - 1) / strideH + 1;
    }

    /** Width of the output. */
    public int ow() {
        return (w + left + right - (kw - 1) * dilationW - 1) / strideW + 1;
    }

    /** Whether every channel has filters of its own. */
    public boolean depthwise() {
        return groups == c && k == c && groups > 1;
    }

    /** 1x1, stride 1, no padding: a product. */
    public boolean pointwise() {
        return kh == 1 && kw == 1 && strideH == 1 && strideW == 1 && top + left + bottom + right == 0 && groups == 1;
    }

    /** (n, c, h, w). */
    public Shape input() {
        return Shape.of(n, c, h, w);
    }

    /** (k, c / groups, r, s). */
    public Shape filter() {
        return Shape.of(k, c / groups, kh, kw);
    }

    /** (n, k, oh, ow). */
    public Shape output() {
        return Shape.of(n, k, oh(), ow());
    }

    /** A multiplication and an addition count as two. */
    public double flops() {
        return 2.0 * n * k * oh() * ow() * (c / groups) * kh * kw;
    }
}
