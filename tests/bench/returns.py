"""Coming back with the seven words, and looking at the thread."""

import contextlib
from typing import Any
from urllib.parse import urlencode

from tests.bench.builds import Served
from tests.bench.load import Client, Flow, LeanClient, Load, PlainClient, at_once, between, expect, padded, rounds
from tests.bench.submissions import AT_ONCE, submit

CLIENTS = {"lean": LeanClient, "plain": PlainClient}


def come_back(client: Client, words: str) -> None:
    form = padded(urlencode({"token": "", "receipt": words, "text": "", "own_words": ""}).encode())
    session = expect(client.post("/request/return/", form), 302, "the seven words").cookie
    thread = expect(client.get("/request/thread/", session), 200, "the thread")
    between(thread.body, b"/request/close/", b'"')


def measure(demos: dict[str, Served], seconds: float) -> dict[str, dict[str, Any]]:
    """By name of the build and of the client. Each worker has a request of its own."""
    loads = {name: {client: Load() for client in CLIENTS} for name in demos}
    receipts = {name: [_submit_on(demo.port) for _ in range(AT_ONCE)] for name, demo in demos.items()}
    for client in CLIENTS:
        for name, slice_seconds in rounds(seconds, demos):
            flow = _flow_on(demos[name].port, client, receipts[name])
            with demos[name].alone(list(demos.values())):
                loads[name][client] += at_once(AT_ONCE, slice_seconds, flow)
    return {name: {client: load.figures() for client, load in each.items()} for name, each in loads.items()}


def _submit_on(port: int) -> str:
    with contextlib.closing(LeanClient(port)) as client:
        return submit(client)


def _flow_on(port: int, client: str, receipts: list[str]) -> Flow:
    def flow(worker: int) -> None:
        with contextlib.closing(CLIENTS[client](port)) as browser:
            come_back(browser, receipts[worker])

    return flow
