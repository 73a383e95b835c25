/** Pictures of galaxies: read, prepared as a model wants them, augmented, loaded ahead of the consumer, and written for people to look at. */
package hoag.galaxy.image;
