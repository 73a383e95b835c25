package hoag.kernels.cpu;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One axis of a depthwise convolution: which of {@code in} places each tap of each of {@code out} places reads. Forward place {@code o},
 * tap {@code t} reads {@code o * stride + t * dilation - pad}; in the data gradient (backward) it reads i with
 * {@code i * stride + t * dilation - pad = o}, where there is one. At stride 1 a data gradient is the forward axis of the flipped filter.
 */
record DepthwiseAxis(int in, int out, int taps, int stride, int dilation, int pad, boolean backward) {
    static DepthwiseAxis forward(int in, int out, int taps, int stride, int dilation, int pad) {
        return new DepthwiseAxis(in, out, taps, stride, dilation, pad, false);
    }

    /** {@code in} and {@code out} as the gradient sees them: dy is read, dx written. */
    static DepthwiseAxis backward(int in, int out, int taps, int stride, int dilation, int pad, boolean flipped) {
        return flipped
                ? forward(in, out, taps, 1, dilation, (taps - 1) * dilation - pad)
                : new DepthwiseAxis(in, out, taps, stride, dilation, pad, true);
    }

    /** The place that is read, -1 if there is none. */
    int source(int place, int tap) {
        if (!backward) {
            int at = place * stride + tap * dilation - pad;
            return at < in ? Math.max(-1, at) : -1;
        }
        int at = place + pad - tap * dilation;
        return at >= 0 && at % stride == 0 && at / stride < in ? at / stride : -1;
    }

    /** From one tap that reads to the next: how much further the tap is. */
    int tapStep() {
        return backward ? stride / gcd() : 1;
    }

    /** From one tap that reads to the next: how much further the place is. */
    int sourceStep() {
        return backward ? -dilation / gcd() : dilation;
    }

    private int gcd() {
        return java.math.BigInteger.valueOf(stride)
                .gcd(java.math.BigInteger.valueOf(dilation))
                .intValue();
    }

    /** For every place three ints: {@code sourceSize} * first source, {@code tapSize} * its tap, number of taps that read. */
    int[] table(int sourceSize, int tapSize) {
        int[] table = new int[3 * out];
        for (int place = 0; place < out; place++) {
            for (int tap = taps - 1; tap >= 0; tap--) {
                int source = source(place, tap);
                if (source >= 0) {
                    table[3 * place] = source * sourceSize;
                    table[3 * place + 1] = tap * tapSize;
                    table[3 * place + 2]++;
                }
            }
        }
        return table;
    }

    /** Consecutive places worked on at once. {@code source} is the first place read; the pattern counts from there. */
    record Chunk(int first, int source, Pattern pattern) {}

    /** What a chunk does, wherever it lies: equal patterns share a kernel. */
    record Pattern(int places, int taps, List<Term> terms) {
        /** Places that are read, from the first to the last. */
        int sources() {
            return terms.isEmpty() ? 0 : terms.getLast().source + 1;
        }
    }

    /** One multiplication: places count from the chunk's first, sources from its first source. */
    record Term(int source, int place, int tap) {}

    /** All places in chunks of at most {@code limit}, as even as can be. */
    List<Chunk> chunks(int limit) {
        int count = (out + limit - 1) / limit;
        int size = (out + count - 1) / count;
        var chunks = new ArrayList<Chunk>();
        for (int first = 0; first < out; first += size) {
            chunks.add(chunk(first, Math.min(out, first + size)));
        }
        return List.copyOf(chunks);
    }

    private Chunk chunk(int first, int end) {
        var terms = new ArrayList<Term>();
        for (int place = first; place < end; place++) {
            for (int tap = 0; tap < taps; tap++) {
                if (source(place, tap) >= 0) {
                    terms.add(new Term(source(place, tap), place - first, tap));
                }
            }
        }
        int base = terms.stream().mapToInt(Term::source).min().orElse(0);
        var pattern = terms.stream()
                .map(term -> new Term(term.source - base, term.place, term.tap))
                .sorted(Comparator.comparingInt(Term::source).thenComparingInt(Term::place))
                .toList();
        return new Chunk(first, base, new Pattern(end - first, taps, pattern));
    }
}
