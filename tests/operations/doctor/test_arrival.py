"""Only the doctor of this installation is told what arrives, and nobody else gets a word more than ever."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client, override_settings

from operations.doctor import arrival
from peersupport.core import release

pytestmark = pytest.mark.django_db
STRANGERS = {"database", "keyring", "room", "worker", "statistics", "on_call", "stored"}


def ask(proof: str | None = None, **headers: str) -> dict:
    sent = headers if proof is None else {arrival.HEADER: proof, **headers}
    return Client().get("/healthz", headers=sent).json()


def test_the_doctor_is_told_what_arrived() -> None:
    forwarded = {"X-Forwarded-For": "192.0.2.7, 192.0.2.8", "Origin": "null"}
    assert ask(arrival.proof(), **forwarded)["arrived"] == {
        "scheme": "http",
        "host": "testserver",
        "forwarded": 2,
        "expected": 0,
        "origin": "null",
        "fetch_site": "",
        "version": release.version(),
        "fingerprint": release.fingerprint(),
    }


@pytest.mark.parametrize("proof", [None, "", "arrival", "arrival:1t:x", "é"])
def test_strangers_get_no_word_more(proof: str | None) -> None:
    assert set(ask(proof)) == STRANGERS


def test_an_old_proof_and_one_of_another_installation_count_for_nothing(time_machine) -> None:
    start = datetime(2031, 3, 4, 2, 0, tzinfo=UTC)
    time_machine.move_to(start, tick=False)
    proof = arrival.proof()
    time_machine.move_to(start + timedelta(seconds=61), tick=False)
    assert set(ask(proof)) == STRANGERS
    with override_settings(SECRET_KEY="of another installation"):
        other = arrival.proof()
    assert set(ask(other)) == STRANGERS
