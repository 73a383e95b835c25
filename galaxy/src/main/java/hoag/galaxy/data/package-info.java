/** Catalogues of galaxies, their images, their labels, and the fixed split into train, valid and test. */
package hoag.galaxy.data;
