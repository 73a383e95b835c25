/** What can be computed, and how a CPU does it. */
package hoag.kernels;
