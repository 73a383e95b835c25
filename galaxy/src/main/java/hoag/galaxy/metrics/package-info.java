/** Scores: of classes, of votes, of numbers, of rankings and of clusterings. Plain arrays in, records out. */
package hoag.galaxy.metrics;
