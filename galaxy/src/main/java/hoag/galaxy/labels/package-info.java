/** What people said of galaxies: ratings and answers to decision trees, kept durably, with who, when and for which model. */
package hoag.galaxy.labels;
