/** The map of a survey: a place in the plane and any number of columns for every galaxy, and the ways to make it: components, t-SNE, UMAP. */
package hoag.galaxy.map;
