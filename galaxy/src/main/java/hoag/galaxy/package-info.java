/** Hoag. */
package hoag.galaxy;
