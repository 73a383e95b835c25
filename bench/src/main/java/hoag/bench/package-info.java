/** Hoag. */
package hoag.bench;
