package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Conv2dShape;
import hoag.kernels.Launch;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import java.util.List;

/** Filter gradients of convolutions with groups that are not depthwise, in plain loops: everything row-major, one task for each element of dw's (K, C/groups). */
record CpuConv2dFilterGrouped(Conv2dShape s) implements Launch {
    @Override
    public String algorithm() {
        return "rows, " + s.groups() + " groups";
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(this, operands.get(0), operands.get(1), operands.get(2));
    }

    private record Bound(CpuConv2dFilterGrouped launch, Buffer x, Buffer dy, Buffer dw) implements Work {
        @Override
        public int tasks(int phase) {
            return launch.s.k() * launch.s.c() / launch.s.groups();
        }

        @Override
        public void run(int phase, int task, int worker) {
            launch.taps(task, x, dy, dw);
        }
    }

    private void taps(int task, Buffer x, Buffer dy, Buffer dw) {
        int each = s.c() / s.groups();
        int k = task / each;
        int c = k / (s.k() / s.groups()) * each + task % each;
        for (int tap = 0; tap < s.kh() * s.kw(); tap++) {
            int down = tap / s.kw() * s.dilationH() - s.top();
            int right = tap % s.kw() * s.dilationW() - s.left();
            float sum = 0;
            for (int n = 0; n < s.n(); n++) {
                int xo = x.offset() + (n * s.c() + c) * s.h() * s.w();
                int yo = dy.offset() + (n * s.k() + k) * s.oh() * s.ow();
                sum += plane(x.floats(), xo, dy.floats(), yo, down, right);
            }
            dw.floats()[dw.offset() + task * s.kh() * s.kw() + tap] = sum;
        }
    }

    private float plane(float[] x, int xo, float[] dy, int yo, int down, int right) {
        int first = Math.max(0, DenseChunks.ceil(-right, s.strideW()));
        int count = Math.min(s.ow(), Math.floorDiv(s.w() - 1 - right, s.strideW()) + 1) - first;
        float sum = 0;
        for (int row = 0; row < s.oh(); row++) {
            int inputRow = row * s.strideH() + down;
            if (inputRow >= 0 && inputRow < s.h()) {
                sum += dot(
                        x,
                        xo + inputRow * s.w() + first * s.strideW() + right,
                        s.strideW(),
                        dy,
                        yo + row * s.ow() + first,
                        count);
            }
        }
        return sum;
    }

    private static float dot(float[] x, int xo, int step, float[] dy, int yo, int count) {
        float sum = 0;
        for (int i = 0; i < count; i++) {
            sum = Math.fma(x[xo + i * step], dy[yo + i], sum);
        }
        return sum;
    }
}
