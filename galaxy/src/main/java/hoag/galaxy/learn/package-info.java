/** Models for galaxies: what they answer, how they learn, how they are kept. */
package hoag.galaxy.learn;
