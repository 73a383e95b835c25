package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.MemoryMap;
import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.nn.Trace;
import hoag.galaxy.models.Backbones;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What lives at the same time lies apart, and sharing saves most of the memory. */
class MemoryMapTest {
    @Test
    void valuesThatLiveTogetherLieApart() {
        List<MemoryMap.Row> rows = map().rows();
        for (MemoryMap.Row a : rows) {
            for (MemoryMap.Row b : rows) {
                boolean together = a.from() <= b.to() && b.from() <= a.to() && a.stretch() == b.stretch();
                boolean overlap = a.offset() < b.offset() + b.bytes() && b.offset() < a.offset() + a.bytes();
                assertTrue(a == b || !together || !overlap, () -> a + " lies on " + b);
            }
        }
    }

    @Test
    void theyTakeLittleMoreThanWhatIsAliveAtOnce() {
        MemoryMap map = map();
        assertTrue(map.bytes() >= map.bound() && map.bytes() < 1.2 * map.bound(), map.bytes() + " of " + map.bound());
        assertTrue(map.bytes() < map.unshared() / 2, map.bytes() + " of " + map.unshared());
    }

    @Test
    void everyValueIsDrawn() {
        MemoryMap map = map();
        assertEquals(map.rows().size(), map.svg().split("<title>", -1).length - 1);
    }

    private static MemoryMap map() {
        var model = Backbones.create("resnet18", 1, 3, 10, 0);
        Tensor logits = model.forward(Tensor.input("image", Shape.of(2, 3, 64, 64)), Trace.eval());
        try (var cpu = new CpuBackend(1)) {
            return Program.compile(cpu, Map.of("logits", logits)).memoryMap();
        }
    }
}
