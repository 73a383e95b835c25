/** Files: safetensors, .npy, JSON, and the atomic writing that all of them share. */
package hoag.engine.files;
