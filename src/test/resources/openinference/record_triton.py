"""Records what NVIDIA's Python client for Triton sends, by the client itself, unmodified.

    PYTHONPATH=<its src/python/library> python record_triton.py

Only the transport is replaced: geventhttpclient by a class that keeps the request and answers
nothing, rapidjson by the json module without spaces, which writes the same bytes. Each request is
one file: the head of the request, an empty line, the body. Made with the client of
triton-inference-server/client at 58a44caa0dce77303115302e6dbdf64626b2b093 and NumPy 2.4.6.
"""

import json
import sys
import types

import numpy as np


class Sent(Exception):
    pass


class Recorder:
    """Stands in for geventhttpclient.HTTPClient."""

    def post(self, request_uri, body=b"", headers=None):
        raise Sent(request_uri, body, headers or {})

    def close(self):
        pass


def stand_in(name, **members):
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module
    return module


gevent = stand_in("gevent")
gevent.pool = stand_in(
    "gevent.pool", Pool=lambda size: types.SimpleNamespace(join=lambda: None)
)
stand_in("geventhttpclient", HTTPClient=types.SimpleNamespace(from_url=lambda *a, **k: Recorder()))


class URL:
    def __init__(self, text):
        self.request_uri = "/"


stand_in("geventhttpclient.url", URL=URL)
stand_in(
    "rapidjson",
    dumps=lambda value: json.dumps(value, separators=(",", ":")),
    loads=json.loads,
)

import tritonclient.http as triton  # noqa: E402


def tensor(name, array, datatype, binary=True):
    given = triton.InferInput(name, list(array.shape), datatype)
    given.set_data_from_numpy(array, binary_data=binary)
    return given


def record(file, inputs, **options):
    client = triton.InferenceServerClient("localhost:8000")
    try:
        client.infer("MODEL", inputs, **options)
    except Sent as sent:
        path, body, headers = sent.args
        body = body if isinstance(body, bytes) else body.encode()
        head = "".join(f"{name}: {value}\n" for name, value in headers.items())
        with open(file, "wb") as out:
            out.write(f"POST /{path.lstrip('/')}\n{head}\n".encode() + body)


# two rows: (2, 15) are the means, (3, 20) is a deviation above them
rows = np.array([[2, 15], [3, 20]])
record("triton_fp32.request", [tensor("INPUT0", rows.astype(np.float32), "FP32")])
record("triton_fp16.request", [tensor("INPUT0", rows.astype(np.float16), "FP16")])
record("triton_int64.request", [tensor("INPUT0", rows.astype(np.int64), "INT64")])
record(
    "triton_columns.request",
    [
        tensor("b", rows[:, 1].astype(np.int32), "INT32"),
        tensor("a", rows[:, :1].astype(np.float32), "FP32", binary=False),
    ],
    outputs=[
        triton.InferRequestedOutput("a", binary_data=False),
        triton.InferRequestedOutput("b", binary_data=True),
    ],
    request_id="17",
    sequence_id=3,
    sequence_start=True,
    priority=2,
    timeout=1000,
    parameters={"anything": "else"},
)
record(
    "triton_image.request",
    [tensor("image", rows.T.reshape(1, 2, 1, 2).astype(np.uint8), "UINT8", binary=False)],
    outputs=[triton.InferRequestedOutput("normalised", binary_data=False)],
)
record(
    "triton_nan.request",
    [tensor("x", np.array([[2, np.nan]]), "FP64", binary=False)],
    outputs=[triton.InferRequestedOutput("y", binary_data=False)],
)
