package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import java.util.Arrays;
import java.util.List;

/** Mean and variance of each channel, (N, C, H, W) to (2, C): the statistics of BatchNorm, by {@link MomentPieces}. */
final class FollowingMoments extends Follower {
    private final MomentPieces pieces = new MomentPieces(true);

    FollowingMoments(Kernel.Moments kernel, int stretches) {
        super(kernel.input(), stretches, MomentPieces.NUMBERS);
    }

    static boolean takes(Kernel.Moments kernel) {
        return kernel.input().rank() == 4 && Arrays.equals(kernel.axes(), new int[] {0, 2, 3});
    }

    @Override
    String name() {
        return "moments";
    }

    @Override
    int results() {
        return 1;
    }

    @Override
    Bound bind(List<Buffer> operands, float[] scratch, int base) {
        return new Statistics(operands, scratch, base);
    }

    private final class Statistics extends Bound {
        private final MomentPieces.Bound of;
        private final float[] out;
        private final int outBase;

        Statistics(List<Buffer> operands, float[] scratch, int base) {
            super(operands.getFirst(), scratch, base);
            of = pieces.new Bound(operands.getFirst().floats(), scratch);
            out = operands.getLast().floats();
            outBase = operands.getLast().offset();
        }

        @Override
        void take(int image, int block, int from, int at, int length, int to, int worker) {
            of.piece(at, length, to, worker);
        }

        @Override
        int tasks() {
            return blocks;
        }

        @Override
        void join(int block) {
            for (int lane = 0; lane < BLOCK && block * BLOCK + lane < channels; lane++) {
                join(block, lane, outBase + block * BLOCK + lane);
            }
        }

        private void join(int block, int lane, int to) {
            double count = 0;
            double mean = 0;
            double squared = 0;
            for (int image = 0; image < images; image++) {
                for (int stretch = 0; stretch < stretches(); stretch++) {
                    if (length(block, stretch) > 0) {
                        int at = slot(image, block, stretch);
                        double n = length(block, stretch) / BLOCK;
                        double delta = of.mean(at, lane, n) - mean;
                        squared += of.squared(at, lane, n) + delta * delta * count * n / (count + n);
                        mean += delta * n / (count + n);
                        count += n;
                    }
                }
            }
            out[to] = (float) mean;
            out[to + channels] = (float) Math.max(squared / count, 0);
        }
    }
}
