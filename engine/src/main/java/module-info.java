/** Tensors, gradients, programs, layers, optimizers, files. */
module hoag.engine {
    requires transitive hoag.kernels;

    exports hoag.engine;
    exports hoag.engine.files;
    exports hoag.engine.nn;
    exports hoag.engine.onnx;
    exports hoag.engine.train;
}
