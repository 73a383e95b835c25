/** Pictures where none can be had, always labelled as simulated. */
package hoag.galaxy.simulate;
