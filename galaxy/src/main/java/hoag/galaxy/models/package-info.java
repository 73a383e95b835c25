/** Backbones by the names and keys of timm. */
package hoag.galaxy.models;
