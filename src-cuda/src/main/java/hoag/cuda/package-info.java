/**
 * How a GPU does it. Each family of kernels has one stem: {@code conv2d.cu} and {@code CudaConv2d} that starts it. {@link hoag.cuda.CudaBackend} is
 * the way in.
 */
package hoag.cuda;
