/** Where a model looks: maps of evidence for an answer (Grad-CAM) and of attention. */
package hoag.galaxy.attend;
