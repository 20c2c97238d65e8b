"""Makes the safetensors files beside it, with numpy, by the format's own description.

The tensors of the files are those of a model: two batch normalisations between other layers, as
PyTorch's `state_dict` names them. bfloat16 is the upper half of float32, rounded to even.
"""

import json
import struct
from pathlib import Path

import numpy

HERE = Path(__file__).parent


def bfloat16(values):
    bits = numpy.asarray(values, "<f4").view("<u4")
    return ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16).astype("<u2").tobytes()


def tensor(dtype, values):
    types = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8"}
    data = bfloat16(values) if dtype == "BF16" else numpy.asarray(values, types[dtype]).tobytes()
    return dtype, list(numpy.shape(values)), data


def save(path, tensors):
    header, data = {}, b""
    for name, (dtype, shape, part) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    (HERE / path).write_bytes(struct.pack("<Q", len(text)) + text + data)


def layer(dtype, prefix, scale):
    return {
        prefix + "weight": tensor(dtype, [1.0, 1.5]),
        prefix + "bias": tensor(dtype, [0.0, -0.1]),
        prefix + "running_mean": tensor(dtype, [0.1 * scale, -3.0]),
        prefix + "running_var": tensor(dtype, [4.0, 0.3 * scale]),
    }


for dtype in ("F16", "BF16"):
    save(f"{dtype.lower()}.safetensors", layer(dtype, "", 1))
save(
    "model.safetensors",
    {
        "conv1.weight": tensor("F32", numpy.arange(18).reshape(2, 1, 3, 3)),
        **layer("F32", "bn1.", 1),
        **layer("F16", "layer1.0.bn2.", 10),
        "layer1.0.bn2.num_batches_tracked": tensor("I64", 77),
        "fc.bias": tensor("BF16", [0.5]),
    },
)
