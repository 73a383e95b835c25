package hoag.cuda;

import static jcuda.jcudnn.JCudnn.cudnnCreateConvolutionDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnCreateFilterDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnCreateTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyConvolutionDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyFilterDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetConvolution2dDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetConvolutionGroupCount;
import static jcuda.jcudnn.JCudnn.cudnnSetConvolutionMathType;
import static jcuda.jcudnn.JCudnn.cudnnSetFilter4dDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetTensor4dDescriptor;

import hoag.kernels.Conv2dShape;
import hoag.kernels.Precision;
import hoag.kernels.Shape;
import java.util.ArrayDeque;
import java.util.Deque;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.jcudnn.cudnnTensorFormat;

/** A convolution's sizes as cuDNN wants to be told them: float32, (n, c, h, w). */
final class CudnnShapes implements AutoCloseable {
    private static final int FLOAT = cudnnDataType.CUDNN_DATA_FLOAT;
    private static final int NCHW = cudnnTensorFormat.CUDNN_TENSOR_NCHW;

    private final String who;
    private final cudnnTensorDescriptor input = new cudnnTensorDescriptor();
    private final cudnnTensorDescriptor output = new cudnnTensorDescriptor();
    private final cudnnFilterDescriptor filter = new cudnnFilterDescriptor();
    private final cudnnConvolutionDescriptor convolution = new cudnnConvolutionDescriptor();
    private final Deque<Runnable> made = new ArrayDeque<>();

    CudnnShapes(String who, Conv2dShape s, Precision precision) {
        this.who = who;
        try {
            tensor(input, s.input());
            tensor(output, s.output());
            filter(s.filter());
            convolution(s, precision);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void check(int status) {
        Library.CUDNN.check(who, status, "describe a convolution");
    }

    private void tensor(cudnnTensorDescriptor tensor, Shape shape) {
        check(cudnnCreateTensorDescriptor(tensor));
        made.push(() -> cudnnDestroyTensorDescriptor(tensor));
        check(cudnnSetTensor4dDescriptor(tensor, NCHW, FLOAT, shape.dim(0), shape.dim(1), shape.dim(2), shape.dim(3)));
    }

    private void filter(Shape shape) {
        check(cudnnCreateFilterDescriptor(filter));
        made.push(() -> cudnnDestroyFilterDescriptor(filter));
        check(cudnnSetFilter4dDescriptor(filter, FLOAT, NCHW, shape.dim(0), shape.dim(1), shape.dim(2), shape.dim(3)));
    }

    private void convolution(Conv2dShape s, Precision precision) {
        check(cudnnCreateConvolutionDescriptor(convolution));
        made.push(() -> cudnnDestroyConvolutionDescriptor(convolution));
        check(cudnnSetConvolution2dDescriptor(
                convolution,
                s.top(),
                s.left(),
                s.strideH(),
                s.strideW(),
                s.dilationH(),
                s.dilationW(),
                cudnnConvolutionMode.CUDNN_CROSS_CORRELATION,
                FLOAT));
        check(cudnnSetConvolutionGroupCount(convolution, s.groups()));
        check(cudnnSetConvolutionMathType(convolution, math(s, precision)));
    }

    /** Tensors are float32 in memory: cuDNN rounds them to tf32 at most, also where bf16 may be had. Depthwise ones are not rounded. */
    private static int math(Conv2dShape s, Precision precision) {
        return precision == Precision.FP32 || s.depthwise()
                ? cudnnMathType.CUDNN_FMA_MATH
                : cudnnMathType.CUDNN_TENSOR_OP_MATH;
    }

    cudnnTensorDescriptor input() {
        return input;
    }

    cudnnTensorDescriptor output() {
        return output;
    }

    cudnnFilterDescriptor filter() {
        return filter;
    }

    cudnnConvolutionDescriptor convolution() {
        return convolution;
    }

    @Override
    public void close() {
        made.forEach(Runnable::run);
        made.clear();
    }
}
