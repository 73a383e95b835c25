package hoag.galaxy.report;

import hoag.galaxy.image.Bands;

/**
 * How galaxies are shown.
 *
 * @param pictures so many under a heading, at most
 * @param bands which planes of FITS images a model reads; the first three are shown as red, green and blue
 */
public record Gallery(int pictures, Bands bands) {}
