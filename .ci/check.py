"""Runs a check of the contract that is older than the definition's member `untrained`.

    check.py SCRIPT ARGUMENT...

Such a check infers by normalizers that have no statistics yet, and expects mean 0 and variance 1. Today a definition must ask
for that. So each definition that the check sends, and that says nothing of `untrained`, gets `"untrained": "identity"`, unless
its preset says the same anyway.
"""
import http.client, json, re, runpy, sys
from pathlib import Path

send = http.client.HTTPConnection.request


def request(self, method, url, body=None, headers={}, **more):
    if method == "PUT" and body and re.fullmatch(r"/api/v1/normalizers/[^/:?]+(/definition)?", url):
        try:
            definition = json.loads(body)
        except ValueError:
            definition = None
        if isinstance(definition, dict) and ("features" in definition) != ("featureCount" in definition):
            definition.setdefault("untrained", "identity")
            body = json.dumps(definition).encode()
    return send(self, method, url, body, headers, **more)


http.client.HTTPConnection.request = request
sys.argv = sys.argv[1:]
sys.path.insert(0, str(Path(sys.argv[0]).parent))
runpy.run_path(sys.argv[0], run_name="__main__")
