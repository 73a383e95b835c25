package hoag.kernels;

/**
 * The sizes of a two-dimensional convolution: input (n, c, h, w), filter (k, c/groups, kh, kw), output (n, k, oh, ow) with
 * oh = (h + top + bottom - (kh - 1) * dilationH - 1) / strideH + 1. Padding is with zeros.
 *
 * @param n pictures
 * @param c channels of the input
 * @param h height of the input, pixels
 * @param w width of the input, pixels
 * @param k channels of the output
 * @param kh height of a filter
 * @param kw width of a filter
 * @param strideH rows from one place of a filter to the next
 * @param strideW columns from one place of a filter to the next
 * @param top rows of zeros above the input
 * @param left columns of zeros before it
 * @param bottom rows of zeros below it
 * @param right columns of zeros behind it
 * @param dilationH rows from one row of a filter to the next; 1: neighbours
 * @param dilationW columns from one column of a filter to the next
 * @param groups parts into which the channels are divided, each with filters of its own; divides c and k
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
    /**
     * Checks that sizes, padding and groups belong together.
     *
     * @throws ShapeException if they do not
     */
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
