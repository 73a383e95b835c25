/** Layers: records of variables whose component names are the keys of published checkpoints. */
package hoag.engine.nn;
