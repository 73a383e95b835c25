package hoag.kernels.reference;

import hoag.kernels.Kernel;

/** C[b](i, j) = sum over p of op(A[b])(i, p) * op(B[b])(p, j). */
final class ReferenceProduct {
    private ReferenceProduct() {}

    static Loops loops(Kernel.Product kernel) {
        return ReferenceEpilogue.after(
                (in, out, state) -> multiply(kernel, in.get(0), in.get(1), out.get(0)), kernel, kernel.epilogue());
    }

    private static void multiply(Kernel.Product s, Doubles a, Doubles b, Doubles c) {
        c.fill(s.batch() * s.m() * s.n(), 0);
        for (int batch = 0; batch < s.batch(); batch++) {
            int a0 = s.batchedA() ? batch * s.m() * s.k() : 0;
            int b0 = s.batchedB() ? batch * s.k() * s.n() : 0;
            for (int i = 0; i < s.m(); i++) {
                for (int p = 0; p < s.k(); p++) {
                    double left = a.get(a0 + (s.transA() ? p * s.m() + i : i * s.k() + p));
                    for (int j = 0; j < s.n(); j++) {
                        double right = b.get(b0 + (s.transB() ? j * s.k() + p : p * s.n() + j));
                        c.add((batch * s.m() + i) * s.n() + j, left * right);
                    }
                }
            }
        }
    }
}
