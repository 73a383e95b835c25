"""Products and 1x1 convolutions at the layer shapes of the models: Hoag beside oneDNN through PyTorch, and the multiply-add peak.

  bench/products                   # all, some 80 s
  bench/products --only vit        # those with this in their name
  bench/products --turns 3

oneDNN with its own blocked layout and weights packed ahead where that exists (1x1 convolutions), else linear over packed weights or mm, whichever is
faster of the two. "limit" is the share of the time that the multiply-add peak or the triad's rate demands, whichever is longer.
"""

import argparse
import os
import shlex
import statistics
import subprocess
import sys
import json
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from common import HOAG, RESULTS, form, limits, save, table, tell

PRODUCTS = [  # name, rows, summed over, columns, constant right factor, transposed left factor
    ("square 1024", 1024, 1024, 1024, False, False), ("square 2048", 2048, 2048, 2048, False, False),
    ("vit b1 qkv", 197, 192, 576, True, False), ("vit b1 proj", 197, 192, 192, True, False), ("vit b1 fc1", 197, 192, 768, True, False),
    ("vit b1 fc2", 197, 768, 192, True, False), ("vit b16 qkv", 3152, 192, 576, True, False), ("vit b16 proj", 3152, 192, 192, True, False),
    ("vit b16 fc1", 3152, 192, 768, True, False), ("vit b16 fc2", 3152, 768, 192, True, False), ("vit b16 fc1 dw", 192, 3152, 768, False, True),
    ("convnext b16 56 fc1", 50176, 80, 320, True, False), ("convnext b16 28 fc1", 12544, 160, 640, True, False),
    ("convnext b16 14 fc1", 3136, 320, 1280, True, False), ("convnext b16 7 fc2", 784, 2560, 640, True, False)]
CONVS = [  # name, pictures, side, channels in, channels out
    ("b0 16>96 @112", 16, 112, 16, 96), ("b0 96>24 @56", 16, 56, 96, 24), ("b0 24>144 @56", 16, 56, 24, 144), ("b0 40>240 @28", 16, 28, 40, 240),
    ("b0 240>40 @28", 16, 28, 240, 40), ("b0 80>480 @14", 16, 14, 80, 480), ("b0 480>80 @14", 16, 14, 480, 80), ("b0 112>672 @14", 16, 14, 112, 672),
    ("b0 672>112 @14", 16, 14, 672, 112), ("b0 192>1152 @7", 16, 7, 192, 1152), ("b0 1152>192 @7", 16, 7, 1152, 192), ("b0 320>1280 @7", 16, 7, 320, 1280),
    ("resnet50 64>256 @56", 16, 56, 64, 256), ("resnet50 256>64 @56", 16, 56, 256, 64), ("resnet50 512>128 @28", 16, 28, 512, 128),
    ("resnet50 256>1024 @14", 16, 14, 256, 1024), ("resnet50 2048>512 @7", 16, 7, 2048, 512)]


def timed(run, seconds):
    ms, start = [], time.perf_counter()
    while len(ms) < 7 or time.perf_counter() - start < seconds:
        t = time.perf_counter()
        run()
        ms.append((time.perf_counter() - t) * 1e3)
    return statistics.median(ms)


def onednn_product(m, k, n, constant, transposed):
    import torch

    a = torch.rand(k, m).t() if transposed else torch.rand(m, k)
    b, out = torch.rand(k, n), torch.empty(m, n)
    ways = [lambda: torch.mm(a, b, out=out)]
    if constant:
        packed = torch.ops.mkldnn._reorder_linear_weight(b.t().contiguous(), m) if hasattr(torch.ops.mkldnn, "_reorder_linear_weight") else None
        if packed is not None:
            ways.append(lambda: torch.ops.mkldnn._linear_pointwise(a, packed, None, "none", [], ""))
    return ways


def onednn_conv(n, hw, c, k):
    import torch

    x, w = torch.rand(n, c, hw, hw), torch.rand(k, c, 1, 1)
    xl, wl = (t.contiguous(memory_format=torch.channels_last) for t in (x, w))
    # the output of a oneDNN convolution has the layout that oneDNN likes best
    xb = torch.mkldnn_convolution(x.to_mkldnn(), torch.eye(c).view(c, c, 1, 1).to_mkldnn(), None, [0, 0], [1, 1], [1, 1], 1)
    wb = torch._C._nn.mkldnn_reorder_conv2d_weight(w.to_mkldnn(), [0, 0], [1, 1], [1, 1], 1)
    return [lambda: torch.nn.functional.conv2d(xl, wl), lambda: torch.mkldnn_convolution(xb, wb, None, [0, 0], [1, 1], [1, 1], 1)]


def cases(only):
    for name, m, k, n, constant, transposed in PRODUCTS:
        words = f"gemm --m {m} --k {k} --n {n}" + " --weights" * constant + " --ta" * transposed
        yield name, words, 2e-9 * m * k * n, 4e-9 * (m * k + k * n + m * n), lambda m=m, k=k, n=n, c=constant, t=transposed: onednn_product(m, k, n, c, t)
    for name, n, hw, c, k in CONVS:
        pixels = n * hw * hw
        words = f"conv --n {n} --hw {hw} --c {c} --k {k} --filter 1"
        yield name, words, 2e-9 * pixels * c * k, 4e-9 * (pixels * (c + k) + c * k), lambda n=n, hw=hw, c=c, k=k: onednn_conv(n, hw, c, k)


def main():
    p = argparse.ArgumentParser(prog="bench/products", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--only", default="", metavar="WORDS")
    p.add_argument("--threads", type=int, default=os.cpu_count())
    p.add_argument("--turns", type=int, default=1)
    p.add_argument("--seconds", type=float, default=0.3)
    p.add_argument("--warm", type=float, default=1.0)
    p.add_argument("--hoag", default=HOAG)
    p.add_argument("--out", default=RESULTS)
    a = p.parse_args()
    import torch

    torch.set_num_threads(a.threads)
    peak, triad = limits(a.threads)
    rows = []
    with torch.inference_mode():
        for name, words, gflop, gbyte, make in [case for case in cases(a.only) if a.only in case[0]]:
            tell(f"  {name}")
            ways, theirs, ours = make(), [], []
            for way in ways:
                timed(way, 0.1)
            for _ in range(a.turns):
                theirs.append(min(timed(way, a.seconds) for way in ways))
                command = [*shlex.split(a.hoag), "bench", *words.split(), "--threads", str(a.threads), "--seconds", str(a.seconds), "--warm", str(a.warm), "--json"]
                done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
                if done.returncode:
                    sys.exit(f"products: {shlex.join(command)}: {done.stderr.strip()}")
                ours.append(json.loads(done.stdout.splitlines()[-1]))
            mine, other = statistics.median(o["median_ms"] for o in ours), statistics.median(theirs)
            rows.append({"name": name, "work": words, "gflop": gflop, "gbyte": gbyte, "hoag_ms": mine, "hoag_min_ms": min(o["min_ms"] for o in ours),
                         "onednn_ms": other, "algorithm": ours[-1]["algorithm"], "hoag_gflops": gflop / mine * 1e3, "onednn_gflops": gflop / other * 1e3,
                         "peak_share": gflop / mine * 1e3 / peak if peak else None,
                         "limit_share": max(gflop / peak, gbyte / triad) * 1e3 / mine if peak else None, "vs_onednn": other / mine})
    print(f"{a.threads} threads" + (f"; FMA peak {peak:.0f} GFLOP/s, triad {triad:.0f} GB/s" if peak else ""))
    share = lambda value: form(value and 100 * value, 0, " %")
    table(["product", "Hoag ms", "oneDNN ms", "GFLOP/s", "of peak", "limit", "vs oneDNN", "algorithm"],
          [[r["name"], form(r["hoag_ms"], 3), form(r["onednn_ms"], 3), form(r["hoag_gflops"]), share(r["peak_share"]), share(r["limit_share"]),
            form(r["vs_onednn"], 2, "x"), r["algorithm"]] for r in rows])
    save(a.out, "products", {"threads": a.threads, "fma_peak_gflops": peak, "triad_gbs": triad, "torch": torch.__version__, "rows": rows})


if __name__ == "__main__":
    main()
