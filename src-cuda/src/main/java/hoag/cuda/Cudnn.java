package hoag.cuda;

import static jcuda.jcudnn.JCudnn.cudnnConvolutionBackwardData;
import static jcuda.jcudnn.JCudnn.cudnnConvolutionBackwardFilter;
import static jcuda.jcudnn.JCudnn.cudnnConvolutionForward;
import static jcuda.jcudnn.JCudnn.cudnnCreate;
import static jcuda.jcudnn.JCudnn.cudnnDestroy;
import static jcuda.jcudnn.JCudnn.cudnnGetConvolutionBackwardDataAlgorithm_v7;
import static jcuda.jcudnn.JCudnn.cudnnGetConvolutionBackwardFilterAlgorithm_v7;
import static jcuda.jcudnn.JCudnn.cudnnGetConvolutionForwardAlgorithm_v7;
import static jcuda.jcudnn.JCudnn.cudnnGetVersion;
import static jcuda.jcudnn.JCudnn.cudnnSetStream;

import hoag.kernels.Buffer;
import hoag.kernels.Conv2dShape;
import hoag.kernels.Kernel;
import hoag.kernels.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import jcuda.Pointer;
import jcuda.driver.CUstream;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionFwdAlgoPerf;
import jcuda.jcudnn.cudnnDeterminism;
import jcuda.jcudnn.cudnnHandle;
import jcuda.runtime.cudaStream_t;

/**
 * cuDNN on one device: convolutions and their gradients, by those of its algorithms that add in the same order every time. Padding that differs on opposite
 * sides so that a result changes is not for it.
 */
final class Cudnn implements AutoCloseable {
    private static final int ALGORITHMS = 10;
    private static final long MOST = 1L << 30; // bytes of memory that an algorithm may take

    private final String who;
    private final Precision precision;
    private final cudnnHandle handle = new cudnnHandle();
    private final List<CudnnShapes> shapes = new ArrayList<>();
    private final Pointer one = Pointer.to(new float[] {1});
    private final Pointer zero = Pointer.to(new float[] {0});

    /** On a stream, whose context is current. */
    Cudnn(String who, Precision precision, CUstream stream) {
        this.who = who;
        this.precision = precision;
        check(cudnnCreate(handle), "start");
        try {
            check(cudnnSetStream(handle, new cudaStream_t(stream)), "take the stream");
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void check(int status, String doing) {
        Library.CUDNN.check(who, status, doing);
    }

    /** Such as 9.5.1. */
    static String version() {
        long version = cudnnGetVersion();
        return version / 10000 + "." + version % 10000 / 100 + "." + version % 100;
    }

    /** One of its algorithms, by number. */
    record Algorithm(int number, long bytes) {}

    /** A convolution that it computes. */
    record Convolution(Cudnn by, Kernel.Conv2d kernel, CudnnShapes shapes, Algorithm algorithm) {
        /** Without what follows it. */
        Call.Start start(Buffer first, Buffer second, Buffer result, Buffer scratch) {
            return by.start(this, first, second, result, scratch);
        }
    }

    /** Empty if it cannot compute this one in the same way every time. */
    Optional<Convolution> convolution(Kernel.Conv2d kernel) {
        if (!fits(kernel.shape())) {
            return Optional.empty();
        }
        var made = new CudnnShapes(who, kernel.shape(), precision);
        shapes.add(made); // closed with the device
        return algorithm(kernel.pass(), made).map(algorithm -> new Convolution(this, kernel, made, algorithm));
    }

    /** Whether it would compute as many pixels with the upper and left padding on both sides. */
    private static boolean fits(Conv2dShape s) {
        return s.oh() == (s.h() + 2 * s.top() - (s.kh() - 1) * s.dilationH() - 1) / s.strideH() + 1
                && s.ow() == (s.w() + 2 * s.left() - (s.kw() - 1) * s.dilationW() - 1) / s.strideW() + 1;
    }

    private Optional<Algorithm> algorithm(Kernel.Pass pass, CudnnShapes s) {
        return switch (pass) {
            case FORWARD ->
                first(
                        new cudnnConvolutionFwdAlgoPerf[ALGORITHMS],
                        cudnnConvolutionFwdAlgoPerf::new,
                        (count, found) -> cudnnGetConvolutionForwardAlgorithm_v7(
                                handle, s.input(), s.filter(), s.convolution(), s.output(), ALGORITHMS, count, found),
                        each -> new Found(each.status, each.determinism, each.algo, each.memory));
            case DATA ->
                first(
                        new cudnnConvolutionBwdDataAlgoPerf[ALGORITHMS],
                        cudnnConvolutionBwdDataAlgoPerf::new,
                        (count, found) -> cudnnGetConvolutionBackwardDataAlgorithm_v7(
                                handle, s.filter(), s.output(), s.convolution(), s.input(), ALGORITHMS, count, found),
                        each -> new Found(each.status, each.determinism, each.algo, each.memory));
            case FILTER ->
                first(
                        new cudnnConvolutionBwdFilterAlgoPerf[ALGORITHMS],
                        cudnnConvolutionBwdFilterAlgoPerf::new,
                        (count, found) -> cudnnGetConvolutionBackwardFilterAlgorithm_v7(
                                handle, s.input(), s.output(), s.convolution(), s.filter(), ALGORITHMS, count, found),
                        each -> new Found(each.status, each.determinism, each.algo, each.memory));
        };
    }

    /** What cuDNN says of one of its algorithms, in whichever of its three classes. */
    private record Found(int status, int determinism, int number, long bytes) {
        /** Whether it works and adds in one order. */
        boolean usable() {
            return status == 0 && determinism == cudnnDeterminism.CUDNN_DETERMINISTIC && bytes <= MOST;
        }
    }

    /** Asks for algorithms, the fastest first as cuDNN orders them: their number into {@code count[0]}. */
    private interface Ask<P> {
        int ask(int[] count, P[] found);
    }

    /** The fastest that is usable. */
    private static <P> Optional<Algorithm> first(P[] found, Supplier<P> make, Ask<P> ask, Function<P, Found> read) {
        Arrays.setAll(found, ignored -> make.get());
        int[] count = new int[1];
        int status = ask.ask(count, found);
        return Arrays.stream(found, 0, status == 0 ? count[0] : 0)
                .map(read)
                .filter(Found::usable)
                .map(each -> new Algorithm(each.number, each.bytes))
                .findFirst();
    }

    private Call.Start start(Convolution of, Buffer first, Buffer second, Buffer result, Buffer scratch) {
        Pointer a = Memory.pointer(first);
        Pointer b = Memory.pointer(second);
        Pointer y = Memory.pointer(result);
        long bytes = of.algorithm.bytes;
        Pointer memory = bytes == 0 ? new Pointer() : Memory.pointer(scratch);
        CudnnShapes s = of.shapes;
        int number = of.algorithm.number;
        return stream -> check(
                switch (of.kernel.pass()) {
                    case FORWARD ->
                        cudnnConvolutionForward(
                                handle,
                                one,
                                s.input(),
                                a,
                                s.filter(),
                                b,
                                s.convolution(),
                                number,
                                memory,
                                bytes,
                                zero,
                                s.output(),
                                y);
                    case DATA ->
                        cudnnConvolutionBackwardData(
                                handle,
                                one,
                                s.filter(),
                                b,
                                s.output(),
                                a,
                                s.convolution(),
                                number,
                                memory,
                                bytes,
                                zero,
                                s.input(),
                                y);
                    case FILTER ->
                        cudnnConvolutionBackwardFilter(
                                handle,
                                one,
                                s.input(),
                                a,
                                s.output(),
                                b,
                                s.convolution(),
                                number,
                                memory,
                                bytes,
                                zero,
                                s.filter(),
                                y);
                },
                "convolve " + of.kernel.shape());
    }

    @Override
    public void close() {
        shapes.forEach(CudnnShapes::close);
        shapes.clear();
        cudnnDestroy(handle);
    }
}
