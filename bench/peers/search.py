#!/usr/bin/env python3
"""The data of bench/search, and FAISS on it: search.py make ROWS DIR | time DIR [exact]. One JSON line a result.

Rows are in 200 Gaussian clusters of unequal size whose spread lies in 64 hidden directions plus noise, like a backbone's representations; queries
are drawn from the same clusters and are not among the rows.
"""
import json
import os
import sys
import time

THREADS = int(os.environ.get("OMP_NUM_THREADS", os.cpu_count()))
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(THREADS)
import numpy as np  # reads the variables when it loads

WIDTH, QUERIES, K = 1280, 1000, 10


def make(rows, folder):
    r = np.random.default_rng(0)
    basis = r.standard_normal((64, WIDTH), np.float32) / np.float32(8)
    centres = 2 * r.standard_normal((200, 64), np.float32)
    which = r.choice(200, rows + QUERIES, p=r.dirichlet(np.ones(200)))
    x = centres[which] + r.standard_normal((rows + QUERIES, 64), np.float32)
    x = x @ basis + np.float32(0.3) * r.standard_normal((rows + QUERIES, WIDTH), np.float32)
    np.save(f"{folder}/rows.npy", x[:rows])
    np.save(f"{folder}/queries.npy", x[rows:])


def best(f, runs=3):
    times, out = [], None
    for _ in range(runs):
        start = time.perf_counter()
        out = f()
        times.append(time.perf_counter() - start)
    return out, min(times)


def say(what, seconds, queries, **more):
    print(json.dumps({"engine": "faiss", "what": what, "queries_per_s": round(queries / seconds, 1), "threads": THREADS, **more}), flush=True)


def run(folder, only):
    import faiss
    faiss.omp_set_num_threads(THREADS)
    x, q = np.load(f"{folder}/rows.npy"), np.load(f"{folder}/queries.npy")
    flat = faiss.IndexFlatL2(WIDTH)
    flat.add(x)
    if only != "exact" or not os.path.exists(f"{folder}/truth.npy"):
        (_, truth), s = best(lambda: flat.search(q, K), 2)
        np.save(f"{folder}/truth.npy", truth.astype(np.int32))
        say("flat, 1000 at once", s, QUERIES)
    _, s = best(lambda: [flat.search(q[i : i + 1], K) for i in range(20)])
    say("flat, one by one", s, 20)
    if only == "exact":
        return
    file = f"{folder}/hnsw"
    if os.path.exists(file):
        hnsw, build = faiss.read_index(file), 0
    else:
        hnsw = faiss.IndexHNSWFlat(WIDTH, 32)
        hnsw.hnsw.efConstruction = 100
        _, build = best(lambda: hnsw.add(x), 1)
        faiss.write_index(hnsw, file)
    for hnsw.hnsw.efSearch in (16, 20, 32, 64):
        hnsw.search(q[:50], K)
        (_, found), s = best(lambda: hnsw.search(q, K))
        recall = np.mean([len(set(a) & set(b)) / K for a, b in zip(found, truth)])
        say(f"HNSW32 efSearch {hnsw.hnsw.efSearch}", s, QUERIES, recall=round(float(recall), 4), build_s=round(build, 1))


if __name__ == "__main__":
    make(int(sys.argv[2]), sys.argv[3]) if sys.argv[1] == "make" else run(sys.argv[2], "".join(sys.argv[3:]))
