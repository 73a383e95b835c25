package hoag.engine.nn;

import hoag.engine.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a model is being traced: whether BatchNorm uses the batch's statistics, whether dropout drops; and what the trace collects: the updates
 * of running statistics. Every dropout gets the next number, so that the same model traced again drops the same units.
 */
public final class Trace {
    private final boolean batchStatistics;
    private final boolean dropping;
    private final List<Tensor> updates = new ArrayList<>();
    private final Map<Module, Tensor> results = new IdentityHashMap<>();
    private long nodes;

    private Trace(boolean batchStatistics, boolean dropping) {
        this.batchStatistics = batchStatistics;
        this.dropping = dropping;
    }

    /** BatchNorm by the batch, dropout on. */
    public static Trace train() {
        return new Trace(true, true);
    }

    /** Running statistics, dropout off. */
    public static Trace eval() {
        return new Trace(false, false);
    }

    /** Running statistics, dropout on: Monte Carlo dropout at prediction, and finetuning with frozen BatchNorm. */
    public static Trace sample() {
        return new Trace(false, true);
    }

    public boolean batchStatistics() {
        return batchStatistics;
    }

    public boolean dropping() {
        return dropping;
    }

    /** A number for the next random node. */
    public long nextNode() {
        return nodes++;
    }

    public void update(Tensor update) {
        updates.add(update);
    }

    Tensor note(Module part, Tensor result) {
        results.put(part, result);
        return result;
    }

    /** What a part of the model gave when it was traced last; null if it was not. For intermediate values, attention, Grad-CAM. */
    public Tensor result(Module part) {
        return results.get(part);
    }

    /** Updates that a training program must carry out. */
    public List<Tensor> updates() {
        return List.copyOf(updates);
    }
}
