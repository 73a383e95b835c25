/** How a CPU computes: Vector API kernels, in float32. */
package hoag.kernels.cpu;
