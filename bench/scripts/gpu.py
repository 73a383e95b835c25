"""Everything that wants a GPU, in one command; Markdown for docs/gpu.md in results/, a roofline picture beside it.

  bench/gpu                        # the whole: about an hour; builds what is not built
  MAVEN_ARGS=-o bench/gpu          # where there is no network, with what Maven has fetched before
  bench/gpu --parts devices,speed
  bench/gpu --quick                # sizes that the stand-in for a driver computes in a minute: does the command itself work?

  devices   what is there, its driver and clocks
  tests     every kernel on the shared cases and whole models, the CPU's numbers beside the GPU's (Maven)
  training  five steps beside the CPU's losses, then 10,000 with the memory of device and process
  speed     EfficientNet-B0 and ResNet-50, training and inference, by batch and precision; share of what bandwidth and operations allow
  products  matrix products by Hoag's kernels and by cuBLAS
  convolutions   the same by cuDNN, forward and both gradients
  launches  every launch of a training step under the chip's roofs

What cannot run (no cuBLAS, too little memory) is a line with its reason. Ends with 1 if numbers were wrong.
"""

import argparse
import datetime
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import chart
from common import BENCH, HOAG, RESULTS, ROOT, Failed, form, hoag, java, tell, write

PARTS = ["devices", "tests", "training", "speed", "products", "convolutions", "launches"]
FLAGS = "--add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -XX:+UseParallelGC -Xmx4g"
MODELS = ["efficientnet_b0", "resnet50"]
BATCHES = [128, 256, 512, 1024]
PRODUCTS = [(1024, 1024, 1024), (4096, 4096, 4096), (8192, 8192, 8192), (50176, 192, 576), (25216, 768, 3072), (128, 1280, 1000)]
# channels, side, filters, size of a filter, stride, groups: of ResNet-50 and EfficientNet-B0
CONVOLUTIONS = [(3, 224, 64, 7, 2, 1), (64, 56, 64, 3, 1, 1), (256, 56, 128, 1, 1, 1), (128, 28, 128, 3, 1, 1), (256, 14, 256, 3, 1, 1), (512, 7, 512, 3, 1, 1),
                (3, 224, 32, 3, 2, 1), (32, 112, 32, 3, 1, 32), (96, 112, 96, 3, 2, 96), (144, 56, 144, 5, 2, 144), (672, 14, 672, 5, 1, 672), (112, 14, 672, 1, 1, 1)]


class Report:
    def __init__(self):
        self.lines, self.wrong, self.picture = [], [], None

    def say(self, line=""):
        self.lines.append(line)
        print(line, flush=True)

    def table(self, head, rows):
        self.say("| " + " | ".join(head) + " |")
        self.say("|" + " --- |" * len(head))
        for row in rows:
            self.say("| " + " | ".join(row) + " |")
        self.say()


def run(command, report):
    """The output of a command, whether it went well or not."""
    report.say(f"`{command if isinstance(command, str) else shlex.join(command)}`\n")
    done = subprocess.run(command, shell=isinstance(command, str), cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


def devices(a, report):
    code, out, err = run([*shlex.split(a.hoag), "devices"], report)
    report.say("```\n" + (out or err).strip() + "\n```\n")
    if shutil.which("nvidia-smi"):
        ask = "name,driver_version,pstate,clocks.sm,clocks.max.sm,clocks.mem,power.limit,memory.total,memory.used,compute_mode"
        report.say("```\n" + run(["nvidia-smi", "--query-gpu=" + ask, "--format=csv"], report)[1].strip() + "\n```\n")
    if code or not any(line.strip().startswith("cuda:") and "not usable" not in line for line in out.splitlines()):
        raise Failed("no usable GPU: the lines above say why")


def tests(a, report):
    flags = shlex.quote(f"-Dhoag.jvm.flags={FLAGS} -Dhoag.cuda.real=true -Dhoag.cuda.flops=1e12")
    for module, name in (("src-cuda", "CudaConformanceTest"), ("tests", "CudaModelsTest,DeviceViewsTest")):
        code, out, err = run(f"./mvnw -B -pl {module} -am test -Dtest={name} -Dsurefire.failIfNoSpecifiedTests=false {flags}", report)
        counts = [line for line in out.splitlines() if "Tests run:" in line]
        report.say(f"{counts[-1].split('] ')[-1] if counts else (err or out).strip().splitlines()[-1:]}\n")
        if code or not ran(counts):
            report.wrong.append(name)
            report.say("```\n" + "\n".join(line for line in out.splitlines() if line.startswith("[ERROR]"))[:4000] + "\n```\n")


def ran(counts):
    """Whether most tests of Maven's summary were not skipped: a run of skipped ones proves nothing."""
    numbers = {name: int(number) for name, number in re.findall(r"(Tests run|Skipped): (\d+)", counts[-1])} if counts else {}
    return numbers.get("Tests run", 0) > 2 * numbers.get("Skipped", 0)


def classes(a):
    path = os.environ.get("CLASSES") or os.path.join(BENCH, "target", "classes") + ":" + os.path.join(ROOT, "galaxy", "target", "hoag.jar")
    if not os.environ.get("CLASSES") and not os.path.isdir(os.path.join(BENCH, "target", "classes")):
        command = ["./mvnw", "-q", "-B", "-pl", "bench", "-am", "-DskipTests", "-Dformat.skip=true", "package"]
        tell(f"gpu: building: {shlex.join(command)}")
        if subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL).returncode:
            raise Failed(f"bench/ does not build: {shlex.join(command)}")
    return path


WRONG = 4  # of GpuProof; 1 is a JVM's that could not run it


def training(a, report):
    sizes = ["test_vit", 2, 32, 5, 30] if a.quick else ["efficientnet_b0", 8, 224, 5, 10000]
    code, out, err = run([java(), *FLAGS.split(), "-cp", classes(a), "hoag.bench.GpuProof", a.device, *map(str, sizes)], report)
    report.say(out.strip() + "\n")
    if code == WRONG:
        report.wrong.append("training")
    elif code:
        raise Failed((err.strip().splitlines() or ["said nothing"])[-1])


def timed(a, arguments, more=()):
    return hoag([*arguments, "--device", a.device, "--seconds", a.seconds, "--warm", a.warm, *more], a.hoag)


def cell(a, arguments, more=()):
    """What the JSON says, or the reason why there is none."""
    try:
        return timed(a, arguments, more)[0], ""
    except Failed as e:
        return None, str(e).split(": ", 1)[-1]


def speed(a, report):
    rows, reasons = [], set()
    for model in ["test_efficientnet"] if a.quick else MODELS:
        for task in ("infer", "train"):
            for precision in ("fp32",) if a.quick else ("fp32", "tf32", "bf16"):
                for batch in [2] if a.quick else BATCHES:
                    for algorithms in ("own", "auto"):
                        said, why = cell(a, [model, "--task", task, "--batch", batch, *(["--size", 32] if a.quick else [])],
                                         ["--precision", precision, "--algorithms", algorithms])
                        reasons |= {why} - {""}
                        rows.append([model, task, precision, str(batch), algorithms] + (
                            ["-"] * 4 if said is None else
                            [form(said["median_ms"], 2), form(1e3 * batch / said["median_ms"]), form(said["gflops"]), share(said)]))
    report.table(["model", "task", "precision", "batch", "algorithms", "ms", "galaxies/s", "GFLOP/s", "of the chip's operations"], rows)
    for why in sorted(reasons):
        report.say(f"- not run: {why}")


def share(said):
    return "-" if said["peak_share"] is None else form(100 * said["peak_share"], 0, " %")


def beside(a, report, names, cases, head):
    """Own kernels and the library's, times and their ratio."""
    rows, reasons = [], set()
    for precision in ("fp32",) if a.quick else ("fp32", "tf32", "bf16"):
        for name, arguments in zip(names, cases):
            own, why = cell(a, arguments, ["--precision", precision])
            theirs, whyNot = cell(a, arguments, ["--precision", precision, "--algorithms", "cudnn"])
            reasons |= {why, whyNot} - {""}
            rows.append([*name, precision] + [form(said["median_ms"], 3) + f" ({said['algorithm']})" if said else "-" for said in (own, theirs)] +
                        [form(own["gflops"]) if own else "-", share(own) if own else "-",
                         form(100 * theirs["median_ms"] / own["median_ms"], 0, " %") if own and theirs else "-"])
    report.table([*head, "precision", "Hoag, ms", "library, ms", "Hoag, GFLOP/s", "of the chip's", "of the library's speed"], rows)
    for why in sorted(reasons):
        report.say(f"- not run: {why}")


def products(a, report):
    sizes = [(64, 48, 40), (33, 65, 17)] if a.quick else PRODUCTS
    beside(a, report, [[f"{m} x {k} x {n}"] for m, k, n in sizes], [["gemm", "--m", m, "--k", k, "--n", n] for m, k, n in sizes], ["rows x summed x columns"])


def convolutions(a, report):
    shapes = [(3, 12, 8, 3, 1, 1), (8, 9, 8, 3, 2, 8)] if a.quick else CONVOLUTIONS
    pictures = 1 if a.quick else 128
    names, cases = [], []
    for c, side, k, size, stride, groups in shapes:
        for direction in ("forward", "data", "filter"):
            names.append([f"{c} > {k} @{side}, {size}x{size}/{stride}" + (f", {groups} groups" if groups > 1 else ""), direction])
            cases.append(["conv", "--n", pictures, "--c", c, "--hw", side, "--k", k, "--filter", size, "--stride", stride, "--groups", groups, "--pass", direction])
    beside(a, report, names, cases, [f"{pictures} pictures", "pass"])


def launches(a, report):
    model = "test_efficientnet" if a.quick else "efficientnet_b0"
    total, *rows = timed(a, [model, "--launches", "--task", "train", "--batch", 2 if a.quick else 256, *(["--size", 32] if a.quick else [])])
    kinds = sorted({r["kernel"] for r in rows}, key=lambda k: -sum(r["ms"] * r["times"] for r in rows if r["kernel"] == k))
    lines = []
    for kind in kinds:
        of = [r for r in rows if r["kernel"] == kind]
        ms, least = (sum((r[key] or 0) * r["times"] for r in of) for key in ("ms", "least_ms"))
        lines.append([kind, str(sum(r["times"] for r in of)), form(ms, 2), form(100 * ms / total["ms"], 1, " %"), form(100 * least / ms, 0, " %")])
    report.say(f"{total['what']}: {total['ms']:.2f} ms in launches one by one, at the limits {total['least_ms'] or 0:.2f}\n")
    report.table(["kernel", "launches", "ms", "share", "of the bound by bandwidth and operations"], lines)
    if total["peak_gflops"]:
        points = [(r["kernel"], r["flops"] / r["bytes"], r["flops"] / r["ms"] / 1e6, r["ms"] * r["times"] / total["ms"],
                   f"{r['times']} x {r['ms']:.3f} ms: {r['kernel']} {r['work']}, {r['algorithm']}") for r in rows]
        report.picture = chart.roofline(f"{total['what']} on {a.device}", total["peak_gflops"], {"memory": total["memory_gbs"]}, points)


def main():
    p = argparse.ArgumentParser(prog="bench/gpu", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--device", default="cuda")
    p.add_argument("--parts", default=",".join(PARTS))
    p.add_argument("--quick", action="store_true")
    p.add_argument("--seconds", type=float)
    p.add_argument("--warm", type=float)
    p.add_argument("--hoag", default=HOAG, help="another launcher")
    p.add_argument("--out", default=RESULTS)
    a = p.parse_args()
    parts = [part for part in a.parts.split(",") if part]
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        p.error(f"no part {unknown[0]}; there are {', '.join(PARTS)}")
    a.seconds = a.seconds if a.seconds is not None else 0.1 if a.quick else 3
    a.warm = a.warm if a.warm is not None else 0 if a.quick else 2
    report = Report()
    stem = os.path.join(a.out, f"gpu-{datetime.datetime.now():%Y%m%d-%H%M%S}")
    report.say(f"# A GPU, {datetime.datetime.now():%Y-%m-%d %H:%M}\n\n`bench/gpu {shlex.join(sys.argv[1:])}`, {platform.node()}, {platform.system()} {platform.release()}\n")
    for part in parts:
        report.say(f"## {part.capitalize()}\n")
        try:
            globals()[part](a, report)
        except Failed as e:
            report.say(f"- not run: {e}\n")
            if part == "devices":
                sys.exit(3)
        if report.wrong:
            tell(f"gpu: wrong numbers: {', '.join(report.wrong)}; what follows says little")
        write(stem + ".md", "\n".join(report.lines) + "\n")  # after each part: what was measured is kept if a machine is taken away
        if report.picture:
            write(stem + ".svg", report.picture)
    sys.exit(1 if report.wrong else 0)


if __name__ == "__main__":
    main()
