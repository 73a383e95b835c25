"""Writes src/test/resources/golden/backbones.json: what timm's models of the same names answer, in float64, with weights that are functions of their names.

    python tests/golden/backbones.py NAMES... > tests/src/test/resources/golden/backbones.json

Needs timm and PyTorch; the tests do not. BackbonesTest says the same rules in Java.
"""
import json
import sys

import numpy as np
import timm
import torch

SIZES = {"vit_small_patch14_dinov2": 56, "vit_base_patch14_dinov2": 56}
GAINS = {"efficientnet_b3": 1.5, "efficientnet_b": 1.6, "tf_efficientnet_lite0": 1.6, "test_efficientnet": 1.6, "vgg": 2**0.5}
MASK = (1 << 64) - 1


def fnv(text):
    h = 0xCBF29CE484222325
    for b in text.encode():
        h = ((h ^ b) * 0x100000001B3) & MASK
    return h


def values(name, shape, shift, scale):
    with np.errstate(over="ignore"):
        i = np.arange(1, int(np.prod(shape)) + 1, dtype=np.uint64)
        z = np.uint64(fnv(name)) + i * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    unit = (z >> np.uint64(40)).astype(np.float64) * 2.0**-23 - 1
    return torch.from_numpy((shift + scale * unit).astype(np.float32).reshape(shape))


def rule(name, shape, gain):
    """Shift and scale: norms about 1, filters and matrices by their fan-in; gain so that signals do not die."""
    if name.endswith(("cls_token", "pos_embed")):
        return 0, 0.5
    if len(shape) > 1:
        return 0, (gain if len(shape) == 4 else 1) * (3 / np.prod(shape[1:])) ** 0.5
    if name.endswith("gamma"):
        return 0.5, 0.25
    if name.endswith("running_var"):
        return 1, 0.5
    return (1, 0.1) if name.endswith("weight") else (0, 0.1)


def resized(size):
    """test_vit with its own position embedding on larger pictures."""
    model = timm.create_model("test_vit", dynamic_img_size=True).eval()
    with torch.no_grad():
        for key, tensor in model.state_dict().items():
            tensor.copy_(values(key, tuple(tensor.shape), *rule(key, tuple(tensor.shape), 1.2)))
        x = values("image", (1, 3, size, size), 0.5, 0.5)
        rough = model(x).double().numpy()[0]
        truth = model.double()(x.double()).numpy()[0]
    return {"size": size, "error": float(np.abs(rough - truth).max()), "logits": [float(v) for v in truth[:8]]}


def main():
    rows = {}
    torch.manual_seed(0)
    for name in sys.argv[1:]:
        size = SIZES.get(name, 64)
        position = {"img_size": size} if name.startswith(("maxvit", "vit", "test_vit")) else {}
        gain = next((g for start, g in GAINS.items() if name.startswith(start)), 1.2)
        model = timm.create_model(name, **position).eval()
        parameters = sum(p.numel() for p in timm.create_model(name).parameters())
        with torch.no_grad():
            for key, tensor in model.state_dict().items():
                if tensor.dtype == torch.float32:
                    tensor.copy_(values(key, tuple(tensor.shape), *rule(key, tuple(tensor.shape), gain)))
            x = values("image", (1, 3, size, size), 0.5, 0.5)
            rough = model(x).double().numpy()[0]
            truth = model.double()(x.double()).numpy()[0]
            other = model(1 - x.double()).numpy()[0]
        rows[name] = {
            "parameters": parameters,
            "size": size,
            "gain": gain,
            "max_abs": float(np.abs(truth).max()),
            "error": float(np.abs(rough - truth).max()),
            "logits": [float(v) for v in truth[:8]],
        }
        if name == "test_vit":
            rows[name]["resized"] = resized(208)
        print(name, "between pictures", np.abs(truth - other).max(), rows[name], file=sys.stderr)
    print("{\n" + ",\n".join(f'"{k}": {json.dumps(v)}' for k, v in rows.items()) + "\n}")


main()
