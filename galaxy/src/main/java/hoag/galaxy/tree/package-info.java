/** Decision trees of Galaxy Zoo campaigns, and the statistics of the votes that volunteers give down them. */
package hoag.galaxy.tree;
