/** Programs of tensors as ONNX files, for ONNX Runtime and whatever else reads them. */
package hoag.engine.onnx;
