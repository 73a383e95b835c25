/** Plain loops in float64: the truth that tests compare with. */
package hoag.kernels.reference;
