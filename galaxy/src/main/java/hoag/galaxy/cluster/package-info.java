/** Groups of points: k-means, Gaussian mixtures, HDBSCAN; the same for every number of threads. */
package hoag.galaxy.cluster;
