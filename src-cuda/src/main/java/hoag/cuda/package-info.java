/** Hoag. */
package hoag.cuda;
