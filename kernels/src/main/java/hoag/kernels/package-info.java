/** Hoag. */
package hoag.kernels;
