package hoag.cuda;

import static jcuda.jcublas.JCublas2.cublasCreate;
import static jcuda.jcublas.JCublas2.cublasDestroy;
import static jcuda.jcublas.JCublas2.cublasGemmStridedBatchedEx_new;
import static jcuda.jcublas.JCublas2.cublasGetVersion;
import static jcuda.jcublas.JCublas2.cublasSetStream;
import static jcuda.jcublas.JCublas2.cublasSetWorkspace;

import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Precision;
import jcuda.Pointer;
import jcuda.driver.CUstream;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasOperation;
import jcuda.runtime.cudaStream_t;

/**
 * cuBLAS on one device. Its matrices are column-major: a row-major one is its own transpose, so C' = op(B)' op(A)' is asked for. It is given its
 * memory, so that it reserves none while a graph is recorded.
 */
final class Cublas implements AutoCloseable {
    private static final int FLOAT = 0; // CUDA_R_32F
    private static final int USUAL = -1; // CUBLAS_GEMM_DEFAULT
    private static final int WORKSPACE = 32 << 20; // bytes: what NVIDIA's manual gives for the newest chips

    private final String who;
    private final Precision precision;
    private final cublasHandle handle = new cublasHandle();
    private final Buffer workspace; // kept in reach: what nobody reaches is given back
    private final Pointer one = Pointer.to(new float[] {1});
    private final Pointer zero = Pointer.to(new float[] {0});

    /** On a stream, whose context is current. */
    Cublas(String who, Precision precision, CUstream stream, Memory memory) {
        this.who = who;
        this.precision = precision;
        workspace = memory.allocate(WORKSPACE / 4);
        check(cublasCreate(handle), "start");
        try {
            check(cublasSetStream(handle, new cudaStream_t(stream)), "take the stream");
            check(cublasSetWorkspace(handle, Memory.pointer(workspace), WORKSPACE), "take memory");
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void check(int status, String doing) {
        Library.CUBLAS.check(who, status, doing);
    }

    /** Such as 12.6.4. */
    String version() {
        int[] version = new int[1];
        check(cublasGetVersion(handle, version), "say its version");
        return version[0] / 10000 + "." + version[0] % 10000 / 100 + "." + version[0] % 100;
    }

    private int computing() {
        return switch (precision) {
            case FP32 -> cublasComputeType.CUBLAS_COMPUTE_32F;
            case TF32 -> cublasComputeType.CUBLAS_COMPUTE_32F_FAST_TF32;
            case BF16 -> cublasComputeType.CUBLAS_COMPUTE_32F_FAST_16BF;
        };
    }

    private static int operation(boolean transposed) {
        return transposed ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N;
    }

    /** The product without what follows it. */
    Call.Start multiply(Kernel.Product p, Buffer a, Buffer b, Buffer c) {
        Pointer left = Memory.pointer(b);
        Pointer right = Memory.pointer(a);
        Pointer result = Memory.pointer(c);
        return stream -> check(
                cublasGemmStridedBatchedEx_new(
                        handle,
                        operation(p.transB()),
                        operation(p.transA()),
                        p.n(),
                        p.m(),
                        p.k(),
                        one,
                        left,
                        FLOAT,
                        p.transB() ? p.k() : p.n(),
                        p.batchedB() ? (long) p.k() * p.n() : 0,
                        right,
                        FLOAT,
                        p.transA() ? p.m() : p.k(),
                        p.batchedA() ? (long) p.m() * p.k() : 0,
                        zero,
                        result,
                        FLOAT,
                        p.n(),
                        (long) p.m() * p.n(),
                        p.batch(),
                        computing(),
                        USUAL),
                "multiply " + p.m() + "x" + p.k() + " and " + p.k() + "x" + p.n());
    }

    @Override
    public void close() {
        cublasDestroy(handle);
    }
}
