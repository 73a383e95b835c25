"""What scikit-learn makes of small sets of points: python make.py > expected.json (scikit-learn 1.9.1, numpy 2.4.6)."""
import json
import warnings

import numpy as np
from sklearn.cluster import HDBSCAN, KMeans
from sklearn.manifold import trustworthiness
from sklearn.mixture import GaussianMixture

rng = np.random.default_rng(7)
unstable = np.argsort
np.argsort = lambda a, *args, **more: unstable(a, kind="stable")  # edges of one length in HDBSCAN: in the order in which they were found


def moons(n):
    t = rng.uniform(0, np.pi, n)
    one = np.c_[np.cos(t), np.sin(t)]
    two = np.c_[1 - np.cos(t), 0.4 - np.sin(t)]
    noise = rng.uniform([-2, -1.5], [3, 2], (n // 6, 2))
    return np.r_[one + 0.06 * rng.normal(size=one.shape), two + 0.06 * rng.normal(size=two.shape), noise]


def blobs(n, dims):
    centres = 5 * rng.normal(size=(4, dims))
    return np.concatenate([c + s * rng.normal(size=(n, dims)) for c, s in zip(centres, (0.5, 1, 1, 2))])


sets = {"moons": moons(120).round(6), "blobs": blobs(60, 5).round(6)}
sets["copies"] = np.r_[sets["blobs"][:80], np.repeat(sets["blobs"][90:93], 12, 0)]
out = {"sets": {name: x.tolist() for name, x in sets.items()}, "hdbscan": [], "full": {}, "maps": []}
for name, x in sets.items():
    for least, samples in ((5, 5), (10, 10), (15, 3)):
        labels = HDBSCAN(min_cluster_size=least, min_samples=samples, copy=True).fit_predict(x)
        out["hdbscan"].append({"set": name, "least": least, "samples": samples, "labels": labels.tolist()})

x = sets["blobs"]
means = KMeans(4, n_init=10, random_state=0).fit(x).cluster_centers_
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # stops after 15 rounds on purpose
    fit = GaussianMixture(4, means_init=means, weights_init=np.full(4, 0.25), precisions_init=np.repeat(np.eye(5)[None], 4, 0), max_iter=15, tol=0).fit(x)
out["full"] = {"start": means.tolist(), "rounds": 15, "weights": fit.weights_.tolist(), "means": fit.means_.tolist(),
               "covariances": fit.covariances_.reshape(4, -1).tolist(), "likelihood": fit.score(x), "bic": fit.bic(x)}
flat = x[:, :2].astype(np.float32)
for k in (3, 10, 40):
    out["maps"].append({"set": "blobs", "k": k, "trustworthiness": trustworthiness(x, flat, n_neighbors=k),
                        "continuity": trustworthiness(flat, x, n_neighbors=k)})
print(json.dumps(out))
