"""Times Hoag and its peers in turn, on the same threads and shapes, and prints one table a piece of work.

  bench/compare
  bench/compare --engines torch,torch-cl --task infer,train --model efficientnet_b0 --batch 16 --threads 2
  bench/compare --engines ort,ov-latency --task infer --model resnet18 --batch 1,16 --rounds 5
  bench/compare --engines none --task train        # Hoag alone

Engines: torch (eager, NCHW), torch-cl (channels_last), torch-jit (traced, frozen, optimize_for_inference), torch-compile[-cl] (inductor),
torch-freeze[-cl] (inductor with folded and packed weights), ort (ONNX Runtime), ov-latency, ov-throughput (OpenVINO held to f32).
Each engine, Hoag among them, is one process, built and warmed first; then every round lets each of them run for a few seconds in turn.
A name ending in +keep has glibc keep freed memory and ask for huge pages, the fairer setting for PyTorch; without it stands what a user
gets who sets nothing. "of memory" counts the operands and results of convolutions and products once. "vs best" is the best peer's median over the row's: above 1 is faster than every peer.
"""

import argparse
import contextlib
import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "scripts"))
import chart
from common import HOAG, RESULTS, ROOT, Failed, form, limits, save, table, tell

INFER = "torch torch-cl torch-jit torch-compile torch-compile-cl torch-freeze torch-freeze-cl ort ov-latency ov-throughput".split()
TRAIN = "torch torch-cl torch-compile torch-compile-cl".split()
KEEP = ("glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=8589934592:glibc.malloc.trim_threshold=17179869184"
        ":glibc.malloc.top_pad=268435456:glibc.malloc.arena_max=1")
SPARE_MIB = 3000  # what a further engine may need; below that none is started


def cpu_seconds():
    """Seconds that all CPUs together have been busy, stolen time included; None where the system does not tell."""
    with contextlib.suppress(OSError):
        f = [int(v) for v in open("/proc/stat").readline().split()[1:9]]
        return (sum(f) - f[3] - f[4]) / os.sysconf("SC_CLK_TCK")


def cpu_seconds_of(pid):
    """Seconds that one process has been busy."""
    with contextlib.suppress(OSError):
        f = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(f[11]) + int(f[12])) / os.sysconf("SC_CLK_TCK")


def available_mib():
    with contextlib.suppress(OSError):
        for line in open("/proc/meminfo"):
            if line.startswith("MemAvailable"):
                return int(line.split()[1]) // 1024
    return float("inf")


class Peer:
    """A worker process: made and warmed when constructed, timed by `round`."""

    def __init__(self, a, task, model, batch, name):
        self.name, self.a, self.ms, self.other = name, a, [], []
        if available_mib() < SPARE_MIB:
            raise Failed(f"only {available_mib()} MiB of memory are free; use --rounds 1, which holds one engine at a time")
        engine = name.removesuffix("+keep")
        env = {**os.environ, "OMP_NUM_THREADS": str(a.threads), "TOKENIZERS_PARALLELISM": "false"}
        env.pop("GLIBC_TUNABLES", None)
        if name.endswith("+keep"):
            env["GLIBC_TUNABLES"] = KEEP
        want = {"engine": engine, "task": task, "model": model, "batch": batch, "threads": a.threads, "size": a.size,
                "classes": a.classes, "cache": os.path.join(ROOT, "bench", ".cache")}
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([sys.executable, os.path.join(HERE, "worker.py"), json.dumps(want)], text=True, env=env,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log)
        self.said = self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if line:
            return json.loads(line)
        self.process.wait()
        self.log.seek(0)
        said = self.log.read().strip().splitlines()
        raise Failed(f"ended with {self.process.returncode}: {said[-1] if said else 'said nothing'}")

    def round(self):
        all0, own0, t0 = cpu_seconds(), cpu_seconds_of(self.process.pid), time.perf_counter()
        print(json.dumps({"runs": self.a.runs, "seconds": self.a.seconds}), file=self.process.stdin, flush=True)
        said = self.answer()
        self.ms += said["ms"]
        self.said["peak_mib"] = said["peak_mib"]
        if None not in (all0, own0):
            busy = cpu_seconds() - all0 - (cpu_seconds_of(self.process.pid) - own0)
            self.other.append(max(0, busy / (time.perf_counter() - t0)))

    def result(self):
        return {"engine": self.name, "median_ms": statistics.median(self.ms), "min_ms": min(self.ms), "max_ms": max(self.ms),
                "runs": len(self.ms), "other_load": round(max(self.other), 2) if self.other else None, **self.said}

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


class Hoag:
    """`hoag bench` with --listen: warmed when constructed, then, like the peers, timed by `round`; one line of JSON each time."""

    def __init__(self, a, task, model, batch, name):
        self.name, self.lines, self.other = name, [], []
        command = shlex.split(a.hoag) + ["bench", model, "--task", task, "--batch", str(batch), "--size", str(a.size), "--classes", str(a.classes),
                                         "--threads", str(a.threads), "--seconds", str(a.seconds), "--warm", str(a.warm), "--listen", "--json"]
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log)
        self.answer()  # of the first line, when it is warm

    def answer(self):
        print("again", file=self.process.stdin, flush=True)
        for line in self.process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        self.process.wait()
        self.log.seek(0)
        raise Failed(f"hoag ended with {self.process.returncode}: {(self.log.read().strip().splitlines() or ['said nothing'])[0]}")

    def round(self):
        all0, own0, t0 = cpu_seconds(), cpu_seconds_of(self.process.pid), time.perf_counter()
        self.lines.append(self.answer())
        if None not in (all0, own0):
            busy = cpu_seconds() - all0 - (cpu_seconds_of(self.process.pid) - own0)
            self.other.append(max(0, busy / (time.perf_counter() - t0)))

    def result(self):
        of = lambda key: [line[key] for line in self.lines]
        return {"engine": self.name, "median_ms": statistics.median(of("median_ms")), "min_ms": min(of("min_ms")), "max_ms": max(of("max_ms")),
                "runs": sum(of("runs")), "other_load": round(max(self.other), 2) if self.other else None, "peak_mib": max(of("peak_rss_mib")),
                "gflop": self.lines[0]["gflop"], "gbyte": self.lines[0]["gbyte"]}

    def close(self):
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        self.process.stdout.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def names_for(a, task):
    """The engines that can do the task, PyTorch's with both settings of malloc where both are asked for."""
    can = INFER if task == "infer" else TRAIN
    for name in a.engines:
        if name not in INFER:
            sys.exit(f"compare: no engine is called {name!r}; there are {', '.join(INFER)}")
        if name in can and name.startswith("torch"):
            yield from {"both": [name, name + "+keep"], "keep": [name + "+keep"], "default": [name]}[a.malloc]
        elif name in can:
            yield name


class Contest:
    """One piece of work and its engines. With one round every engine ends before the next starts, so that memory holds one at a time."""

    def __init__(self, a, task, model, batch):
        self.a, self.task, self.model, self.batch = a, task, model, batch
        self.racers, self.rows = [], []

    def attempt(self, name, what):
        try:
            return what()
        except Failed as e:
            self.rows.append({"engine": name, "failed": str(e)})
            tell(f"  {name}: {e}")

    def finish(self, racer):
        self.rows.append(racer.result())
        racer.close()

    def prepare(self):
        tell(f"{self.model} {self.task} batch {self.batch}, {self.a.threads} threads")
        for make, name in [(Peer, name) for name in names_for(self.a, self.task)] + ([(Hoag, "hoag")] if self.a.hoag else []):
            tell(f"  {name}: preparing")
            racer = self.attempt(name, lambda: make(self.a, self.task, self.model, self.batch, name))
            if racer and self.a.rounds > 1:
                self.racers.append(racer)
            elif racer and self.attempt(name, lambda: (racer.round(), True)):
                self.finish(racer)

    def race(self):
        for k in range(self.a.rounds if self.a.rounds > 1 else 0):
            for racer in list(self.racers):
                tell(f"  round {k + 1} of {self.a.rounds}: {racer.name}")
                if not self.attempt(racer.name, lambda: (racer.round(), True)):
                    racer.close()
                    self.racers.remove(racer)
        for racer in self.racers:
            self.finish(racer)
        return self.rows


def complete(rows, batch, peak, triad):
    """Adds images a second, GFLOP/s, shares of the peak and of memory's rate, and the ratio to the best peer."""
    ran = [r for r in rows if "median_ms" in r]
    peers = [r["median_ms"] for r in ran if r["engine"] != "hoag"]
    gflop = next((r["gflop"] for r in ran if r.get("gflop") and r["engine"] != "hoag"), None) or next(
        (r["gflop"] for r in ran if r.get("gflop")), None)
    gbyte = next((r["gbyte"] for r in ran if r.get("gbyte")), None)
    for r in ran:
        r["img_s"] = batch * 1e3 / r["median_ms"]
        r["gflops"] = gflop * 1e3 / r["median_ms"] if gflop else None
        r["peak_share"] = r["gflops"] / peak if peak and gflop else None
        r["bandwidth_share"] = gbyte * 1e3 / r["median_ms"] / triad if triad and gbyte else None
        r["vs_best"] = min(peers) / r["median_ms"] if peers else None
    return sorted(ran, key=lambda r: r["median_ms"]) + [r for r in rows if "failed" in r]


def show(rows):
    percent = lambda share: form(share and 100 * share, 0, " %")
    table(["engine", "median ms", "min", "max", "img/s", "GFLOP/s", "of peak", "of memory", "vs best", "peak MiB", "other load"],
          [[r["engine"], form(r["median_ms"], 1), form(r["min_ms"], 1), form(r["max_ms"], 1), form(r["img_s"], 1), form(r["gflops"], 0),
            percent(r["peak_share"]), percent(r["bandwidth_share"]), form(r["vs_best"], 2, "x"), form(r["peak_mib"], 0), form(r["other_load"], 2)]
           for r in rows if "median_ms" in r])
    for r in rows:
        if "failed" in r:
            print(f"{r['engine']}: {r['failed']}")
    if any((r.get("other_load") or 0) > 0.05 for r in rows):
        print("Other processes were busy meanwhile (other load above 0.05 CPUs): repeat on a quiet machine.")


def arguments():
    p = argparse.ArgumentParser(prog="bench/compare", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    several = lambda text: [] if text == "none" else text.split(",")
    p.add_argument("--engines", type=several, default="torch,torch-cl,torch-freeze,ort,ov-latency,ov-throughput", help="or none")
    p.add_argument("--task", type=several, default="infer,train", help="infer, train or both (default)")
    p.add_argument("--model", type=several, default="efficientnet_b0", help="timm's names (default %(default)s)")
    p.add_argument("--batch", type=several, default="16", help="one or several, e.g. 1,16 (default %(default)s)")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--size", type=int, default=224, help="side of the input in pixels")
    p.add_argument("--classes", type=int, default=34)
    p.add_argument("--rounds", type=int, default=3, help="turns that each engine gets (default 3)")
    p.add_argument("--seconds", type=float, default=2, help="at least this long a turn (default 2)")
    p.add_argument("--runs", type=int, default=5, help="at least this many calls a turn (default 5)")
    p.add_argument("--malloc", choices=["both", "keep", "default"], default="both", help="for PyTorch's engines (default both)")
    p.add_argument("--warm", type=float, default=8, help="seconds that Hoag warms up, longer while faster code is in the making (default 8)")
    p.add_argument("--wait", metavar="FILE", help="prepare everything, then time when this file exists: on a machine that is quiet only for a while")
    p.add_argument("--hoag", default=HOAG, help="the launcher to time; '' for none")
    p.add_argument("--out", default=RESULTS, help="folder for the JSON and the picture")
    p.add_argument("--venv", help="as first argument: a Python environment that has the peers")
    a = p.parse_args()
    if a.threads < 1 or a.rounds < 1:
        p.error(f"--threads {a.threads} and --rounds {a.rounds} must be at least 1")
    if not set(a.task) <= {"infer", "train"}:
        p.error(f"--task {','.join(a.task)} must be infer, train or infer,train")
    return a


def report(a, contest, before):
    """Races, prints and saves; whether every engine ran. The limits are measured before and after: a host may take its cores away for a while."""
    rows = contest.race()
    peak, triad = (max(both) if None not in both else None for both in zip(before, limits(a.threads)))
    rows = complete(rows, contest.batch, peak, triad)
    title = f"{contest.model}, {contest.task}, batch {contest.batch}, {a.size} px, fp32, {a.threads} threads"
    print(f"\n{title}" + (f"; FMA peak {peak:.0f} GFLOP/s, triad {triad:.0f} GB/s" if peak else ""))
    show(rows)
    drawn = [(r["engine"], r["median_ms"], r["min_ms"], r["max_ms"], r["engine"] == "hoag") for r in rows if "median_ms" in r]
    save(a.out, f"compare-{contest.model}-{contest.task}-b{contest.batch}-t{a.threads}",
         {"model": contest.model, "task": contest.task, "batch": contest.batch, "size": a.size, "threads": a.threads, "fma_peak_gflops": peak,
          "triad_gbs": triad, "rows": rows}, chart.bars(title + ": ms, median (line: least to most)", drawn, "ms"))
    return all("failed" not in r for r in rows)


def main():
    a = arguments()
    contests = [Contest(a, task, model, int(batch)) for task in a.task for model in a.model for batch in a.batch]
    if a.wait:
        for contest in contests:
            contest.prepare()
        tell(f"ready; waiting for {a.wait}")
        while not os.path.exists(a.wait):
            time.sleep(0.1)
    good, limit = True, limits(a.threads)
    for contest in contests:
        if not a.wait:
            contest.prepare()
        good &= report(a, contest, limit)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
