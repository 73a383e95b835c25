package hoag.bench;

import hoag.engine.Activation;
import hoag.engine.Gradients;
import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.kernels.Backend;
import hoag.kernels.Expr;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import hoag.kernels.reference.ReferenceBackend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Follows SiLU from its formula to machine code and prints what each hand makes of it. */
final class LifeOfAnOp {
    private LifeOfAnOp() {}

    public static void main(String[] arguments) {
        Expr silu = Activation.SILU.formula();
        say("formula", silu);
        say("derivative", silu.derivative(0));
        say("value at 1", silu.evaluate(i -> 1));
        Tensor x = Tensor.input("x", Shape.of(8, 64, 32, 32));
        Tensor scale = Tensor.input("scale", Shape.of(1, 64, 1, 1));
        Tensor y = Activation.SILU.of(x.mul(scale));
        Tensor loss = y.mul(y).mean();
        Map<String, Tensor> wanted = new LinkedHashMap<>();
        wanted.put("loss", loss);
        wanted.put("slope", Gradients.of(loss, List.of(scale)).getFirst());
        try (Backend reference = new ReferenceBackend();
                Backend cpu = new CpuBackend(1)) {
            say("as it was written", Program.compile(reference, wanted));
            Program program = Program.compile(cpu, wanted);
            say("fused and laid out", program);
            try (var memory = program.workspace()) {
                memory.feed("x", filled(8 * 64 * 32 * 32)).feed("scale", filled(64));
                for (int run = 0; run < 200; run++) {
                    memory.run();
                }
                say("launched", program.explain(memory));
            }
        }
    }

    private static float[] filled(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (i % 17 - 8) / 8f;
        }
        return values;
    }

    private static void say(String what, Object value) {
        System.out.println("# " + what + "\n" + value + "\n");
    }
}
