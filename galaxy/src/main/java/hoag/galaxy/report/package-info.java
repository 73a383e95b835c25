/** Pages for people: what a model says of galaxies, and how well it does. Every page is one file that needs nothing else. */
package hoag.galaxy.report;
