"""What the bench commands share: the launcher, the machine, results on disk, tables, charts' folder."""

import contextlib
import datetime
import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(BENCH)
HOAG = os.path.join(ROOT, "hoag")
RESULTS = os.path.join(BENCH, "results")


class Failed(Exception):
    """Something that gave no numbers, and why."""


def tell(line):
    print(line, file=sys.stderr, flush=True)


def java():
    """The JDK that the launcher finds, or what the PATH has."""
    said = subprocess.run(["sh", "-c", f'root="{ROOT}"; . "{ROOT}/tools/jdk.sh"; find_jdk && echo "$JDK"'], capture_output=True, text=True).stdout.strip()
    return os.path.join(said, "bin", "java") if said else shutil.which("java")


def hoag(arguments, launcher=HOAG, env=None):
    """Runs `hoag bench` with --json; the lines of JSON it prints."""
    command = [*shlex.split(launcher), "bench", *map(str, arguments), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=env)
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not said:
        why = (done.stderr or done.stdout).strip().splitlines() or ["said nothing"]
        raise Failed(f"{shlex.join(command)} ended with {done.returncode}: {why[0]}")
    return said


def machine():
    name = platform.processor() or platform.machine()
    with contextlib.suppress(OSError, StopIteration):
        name = next(line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))
    return {"cpu": name, "cores": os.cpu_count(), "system": f"{platform.system()} {platform.release()}", "python": platform.python_version()}


def limits(threads):
    """GFLOP/s of multiply-adds and GB/s of a triad in C; (None, None) without a C compiler."""
    cc = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not cc:
        return None, None
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "peak")
        source = os.path.join(BENCH, "peers", "peak.c")
        try:
            subprocess.run([cc, "-O3", "-march=native", "-pthread", source, "-o", program], check=True, capture_output=True)
            said = subprocess.run([program, str(threads)], check=True, capture_output=True, text=True).stdout
            return tuple(map(float, said.split()))
        except (OSError, ValueError, subprocess.CalledProcessError):
            return None, None


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".tmp", "w") as f:
        f.write(text)
    os.replace(path + ".tmp", path)
    print(os.path.relpath(path))


def save(folder, stem, result, picture=None):
    """STEM-TIME.json with machine, time and command, and STEM-TIME.svg."""
    now = datetime.datetime.now()
    path = os.path.join(folder, f"{stem}-{now:%Y%m%d-%H%M%S}")
    words = [w for i, w in enumerate(sys.argv[1:], 1) if "--wait" not in (w, sys.argv[i - 1])]  # when it was let go is of this machine
    about = {"command": shlex.join(["bench/" + os.path.basename(sys.argv[0]).removesuffix(".py"), *words]),
             "when": now.isoformat(timespec="seconds"), "machine": machine()}
    write(path + ".json", json.dumps({**about, **result}, indent=1) + "\n")
    if picture:
        write(path + ".svg", picture)


def form(value, digits=0, unit=""):
    return "" if value is None else f"{value:.{digits}f}{unit}"


def table(head, rows):
    """Text in columns, the first to the left."""
    lines = [head, *rows]
    wide = [max(len(line[k]) for line in lines) for k in range(len(head))]
    for line in lines:
        print("  ".join([line[0].ljust(wide[0])] + [cell.rjust(w) for cell, w in zip(line[1:], wide[1:])]).rstrip())
