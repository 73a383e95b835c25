/** Tensors, gradients and programs: trace, differentiate, compile, run. */
package hoag.engine;
