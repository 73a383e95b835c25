/**
 * What every kernel means, in plain loops over float64: the truth that tests compare other backends with, and the first thing to read
 * before writing a kernel. Nothing here is fast.
 */
package hoag.kernels.reference;
