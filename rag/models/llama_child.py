"""The process that runs llama.cpp: started by rag.models.server, by path, with nothing of ``rag`` imported.

A process of its own, since loading a model inside the program holds the interpreter still for as long as it takes (2 s on
an idle machine, 17 s seen on a busy one: no window redraws, no search answers), and since a fault in llama.cpp must not
take the program with it. It reads its parameters from one line of standard input, writes where it listens as one line of
standard output, and ends when standard input does: however the program ends, nothing is left running.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def serve(model: str, api_key: str, threads: int, context: int) -> None:
    import xllamacpp

    params: Any = xllamacpp.CommonParams()
    params.model.path = model
    params.api_keys = [api_key]
    params.hostnames = ["127.0.0.1"]
    params.port = 0  # any that is free
    params.n_ctx = context
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.ui = params.endpoint_slots = False
    params.verbosity = 0  # errors only
    params.cache_ram_mib = 256  # prompts read before, kept for the next that begins alike: 28 KB a token
    # An answer copies its evidence: the three tokens that followed the last three the time before are tried at once.
    # Tokens a second over six answers of 390 tokens, two cores, this model, evidence of five sentences: none 10.9; "simple"
    # of 3 tokens after 3 15.1, 4 14.2, 5 14.4, 8 12.8, 3 after 2 14.5; "map_k" 11.2, "mod" 12.1, "cache" 11.1.
    params.speculative.types = [xllamacpp.common_speculative_type.COMMON_SPECULATIVE_TYPE_NGRAM_SIMPLE]
    params.speculative.ngram_simple.size_n = params.speculative.ngram_simple.size_m = 3
    # The rest is as llama.cpp has it, since nothing was faster on two cores (prompt tokens read a second, then written,
    # without speculation): as it is 60/11.2; flash attention off 56/11.2; keys and values in 8 bits 52/10.9; batches of 64
    # 57/11.0; weights read, not mapped, 59/11.2 with 600 MB less and half a second more to load; not repacked 51/9.2; two
    # slots 64/11.4.
    server = xllamacpp.Server(params)
    print(json.dumps({"address": server.listening_address}), flush=True)
    sys.stdin.read()
    # At once: no request is worth finishing for a program that is gone, and taking the server down in order waits for
    # its threads without end (xllamacpp 2026.10).
    os._exit(0)


if __name__ == "__main__":
    try:
        serve(**json.loads(sys.stdin.readline()))
    except RuntimeError as error:  # what xllamacpp raises when llama.cpp refuses a model
        print(json.dumps({"error": str(error)}), flush=True)
        os._exit(1)
