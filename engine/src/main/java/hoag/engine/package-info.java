/** Hoag. */
package hoag.engine;
