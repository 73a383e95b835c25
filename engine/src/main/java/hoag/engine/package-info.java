/**
 * Tensors, gradients and programs: trace, differentiate, compile, run.
 *
 * <ul>
 *   <li>What you write: {@link hoag.engine.Tensor}, {@link hoag.engine.Variable}, {@link hoag.engine.Activation}, and functions by subject:
 *       {@link hoag.engine.Norms}, {@link hoag.engine.Attention}, {@link hoag.engine.Windows}, {@link hoag.engine.Pools},
 *       {@link hoag.engine.Resize}, {@link hoag.engine.GridSample}, {@link hoag.engine.Sorting}, {@link hoag.engine.Indexing}.
 *   <li>What nodes are: {@link hoag.engine.Op} and its records, one file each, with shape rule, gradient rule and kernel.
 *   <li>What differentiates: {@link hoag.engine.Gradients}.
 *   <li>What you run: {@link hoag.engine.Program} and {@link hoag.engine.Workspace}; what looks inside: {@link hoag.engine.MemoryMap},
 *       {@link hoag.engine.NotFinite}.
 *   <li>How a program is compiled, not public, in this order: {@code Lowering}, {@code Narrow}, {@code FoldAffine}, {@code Fuse}
 *       (with {@code Views}), {@code Layouts}, {@code MemoryPlan}; a {@code Plan} is a list of {@code Step}s that pass on {@code Value}s, and
 *       {@code Binding} ties them to memory.
 * </ul>
 */
package hoag.engine;
