"""One peer, ready to be timed: builds and warms one engine, then times it whenever a line on standard input asks for it.

Started by compare.py with one JSON argument (engine, task, model, batch, threads, size, classes, cache). Answers on standard output, one
JSON line each: first what it is, then for every request {"runs": n, "seconds": s} the milliseconds of each call and the peak memory.
Everything a library prints goes to standard error.
"""

import json
import os
import resource
import subprocess
import sys
import time


def image(want):
    import numpy

    return numpy.random.default_rng(0).standard_normal((want["batch"], 3, want["size"], want["size"]), numpy.float32)


def timm_model(want):
    import timm
    import torch

    torch.set_num_threads(want["threads"])
    torch.manual_seed(0)
    return timm.create_model(want["model"], pretrained=False, num_classes=want["classes"])


def in_layout(want, *things):
    import torch

    form = torch.channels_last if want["engine"].endswith("-cl") else torch.contiguous_format
    return [thing.to(memory_format=form) for thing in things]


def gflop_of_one(model, size):
    """Multiply-adds of products and convolutions count as two; the rest is not counted."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        model(torch.zeros(1, 3, size, size))
    return counter.get_total_flops() / 1e9


def torch_infer(want):
    import torch

    model = timm_model(want).eval()
    gflop = gflop_of_one(model, want["size"]) * want["batch"]
    model, x = in_layout(want, model, torch.from_numpy(image(want)))
    kind = want["engine"].removesuffix("-cl")
    context = torch.inference_mode
    if kind == "torch-jit":
        with torch.no_grad():
            model = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(model, x)))
    elif kind == "torch-freeze":
        import torch._inductor.config

        torch._inductor.config.freezing = True
        context = torch.no_grad
        model = torch.compile(model, dynamic=False)
    elif kind == "torch-compile":
        model = torch.compile(model, dynamic=False)

    def step():
        with context():
            return model(x)

    return step, 1, {"version": torch.__version__, "gflop": gflop}


def torch_train(want):
    """Forward, cross-entropy, backward, AdamW in its fused form."""
    import torch

    model = timm_model(want)
    gflop = 3 * gflop_of_one(model.eval(), want["size"]) * want["batch"]
    model, x = in_layout(want, model.train(), torch.from_numpy(image(want)))
    labels = torch.arange(want["batch"]) % want["classes"]
    adam = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True)
    loss_of = torch.nn.CrossEntropyLoss()
    if "compile" in want["engine"]:
        model = torch.compile(model, dynamic=False)

    def step():
        adam.zero_grad(set_to_none=True)
        loss_of(model(x), labels).backward()
        adam.step()

    return step, 1, {"version": torch.__version__, "gflop": gflop}


def onnx_path(want):
    name = f"{want['model']}-{want['classes']}-{want['size']}-b{want['batch']}.onnx"
    return os.path.join(want["cache"], name)


def export_onnx(want):
    import torch

    os.makedirs(want["cache"], exist_ok=True)
    model, x = timm_model(want).eval(), (torch.from_numpy(image(want)),)
    part = onnx_path(want) + ".tmp"
    try:
        torch.onnx.export(model, x, part, dynamo=True, external_data=False, opset_version=20)
    except Exception as e:  # some models cannot be traced by the newer exporter
        print(f"{want['model']}: {type(e).__name__} in the dynamo exporter; using the older one", file=sys.stderr)
        torch.onnx.export(model, x, part, dynamo=False, opset_version=20)
    os.replace(part, onnx_path(want))


def onnx_file(want):
    """Exported once by another process, so that PyTorch is not in this one's memory."""
    if not os.path.exists(onnx_path(want)):
        subprocess.run([sys.executable, __file__, json.dumps({**want, "task": "export"})], check=True, stdout=sys.stderr)
    return onnx_path(want)


def ort_infer(want):
    path = onnx_file(want)
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = want["threads"], 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    feed = {session.get_inputs()[0].name: image(want)}
    return (lambda: session.run(None, feed)), 1, {"version": onnxruntime.__version__}


def openvino_infer(want):
    """ov-latency: one request on all threads. ov-throughput: as many requests in flight as OpenVINO likes; a call is then several batches."""
    path = onnx_file(want)
    import openvino

    many = want["engine"] == "ov-throughput"
    hints = {
        "INFERENCE_NUM_THREADS": want["threads"],
        "PERFORMANCE_HINT": "THROUGHPUT" if many else "LATENCY",
        "INFERENCE_PRECISION_HINT": "f32",
    }
    net = openvino.Core().compile_model(path, "CPU", hints)
    x, said = image(want), {"version": openvino.__version__.split("-")[0]}
    if not many:
        request = net.create_infer_request()
        request.set_input_tensor(openvino.Tensor(x))
        return request.infer, 1, said
    queue = openvino.AsyncInferQueue(net)
    calls = 4 * len(queue)

    def step():
        for _ in range(calls):
            queue.start_async({0: x}, share_inputs=True)
        queue.wait_all()

    return step, calls, said


def engine_of(want):
    name = want["engine"]
    if want["task"] == "train":
        return torch_train(want)
    return ort_infer(want) if name == "ort" else openvino_infer(want) if name.startswith("ov-") else torch_infer(want)


def timed(step, calls, runs, seconds):
    ms, start = [], time.perf_counter()
    while len(ms) < runs or time.perf_counter() - start < seconds:
        t = time.perf_counter()
        step()
        ms.append((time.perf_counter() - t) * 1e3 / calls)
    return ms


def main():
    want = json.loads(sys.argv[1])
    if want["task"] == "export":
        return export_onnx(want)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def answer(**said):
        print(json.dumps({**said, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}), file=answers, flush=True)

    step, calls, said = engine_of(want)
    first = timed(step, 1, 1, 0)[0] / 1e3
    timed(step, calls, 3, 1)
    answer(**said, first_s=round(first, 3))
    for line in sys.stdin:
        answer(ms=timed(step, calls, **json.loads(line)))


if __name__ == "__main__":
    main()
