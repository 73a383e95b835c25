package hoag.engine.nn;

import hoag.engine.Tensor;

/**
 * A part of a model. Modules are records: their components are {@link hoag.engine.Variable}s, modules and lists of modules, and the names of
 * the components are the keys of the checkpoint ({@code blocks.0.0.conv_dw.weight}), hence the underscores. One at the
 * end of a name is left out: {@code features_} is keyed {@code features}. A component may be null: it
 * has no keys then.
 */
public interface Module {
    /** Builds the nodes; computes nothing. Call {@link #apply} instead, so that the trace knows what this part gave. */
    Tensor forward(Tensor x, Trace trace);

    /** {@link #forward}, noted in the trace. */
    default Tensor apply(Tensor x, Trace trace) {
        return trace.note(this, x, forward(x, trace));
    }
}
