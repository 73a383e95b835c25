package hoag.cuda;

import hoag.kernels.Machine;
import hoag.kernels.Precision;
import jcuda.driver.CUdevice_attribute;

/** What a GPU can do at most: not measured, but its clocks and widths as the driver says them, and operations for each clock as NVIDIA's white papers do. */
final class Peak {
    private static final int AMPERE = 80;
    private static final int SMALL_AMPERE = 86;
    private static final int HOPPER = 90;

    private Peak() {}

    static Machine of(Driver.Card card, Precision precision) {
        double clock = ask(card, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CLOCK_RATE) / 1e6; // GHz
        double units = ask(card, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
        double memory = ask(card, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE) / 1e6;
        double bytes = ask(card, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH) / 8.0;
        double gigabytes = 2 * memory * bytes; // twice a clock
        return clock * units > 0 && gigabytes > 0
                ? new Machine(clock * units * perClock(card.capability(), precision), gigabytes, gigabytes, 0)
                : Machine.UNKNOWN;
    }

    private static int ask(Driver.Card card, int which) {
        return Driver.attribute("cuda:" + card.number(), card.handle(), which);
    }

    /** Multiplications and additions of one multiprocessor, not sparse. */
    private static int perClock(int capability, Precision precision) {
        int tf32 = capability >= HOPPER ? 2048 : capability >= SMALL_AMPERE ? 512 : 1024;
        return switch (precision) {
            case FP32 -> capability > AMPERE ? 256 : 128;
            case TF32 -> tf32;
            case BF16 -> 2 * tf32;
        };
    }
}
