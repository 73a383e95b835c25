"""Maps by umap-learn and scikit-learn: map.py FEATURES.npy OUT -> OUT/NAME.npy (rows, 2) float32 and OUT/NAME.seconds; on 50 components, as Hoag's."""
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

warnings.simplefilter("ignore")
rows = np.load(sys.argv[1])
out = Path(sys.argv[2])
x = PCA(min(50, rows.shape[1]), random_state=0).fit_transform(rows).astype(np.float32)


def keep(name, make):
    start = time.time()
    places = make()
    (out / f"{name}.seconds").write_text(f"{time.time() - start:.1f}")
    np.save(out / f"{name}.npy", np.ascontiguousarray(places, dtype=np.float32))


try:
    import umap

    umap.UMAP().fit(x[:200])  # compiles
    keep(f"umap-learn {umap.__version__}", lambda: umap.UMAP(random_state=0).fit_transform(x))
except ImportError:
    print("umap-learn is not here", file=sys.stderr)
if len(x) <= 2000:
    keep(f"scikit-learn {sklearn.__version__} t-SNE", lambda: TSNE(init="pca", random_state=0).fit_transform(x))
