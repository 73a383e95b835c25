/** Representations of many galaxies on disk, exact search among them, and what is computed from all of them. */
package hoag.galaxy.survey;
