"""Copies of the database from one day to the next do not show whether anybody was counted in between."""

import os
from dataclasses import dataclass

import pytest
from django.db import connection

from peersupport.sealing import keyring
from peersupport.sealing.actions import destroy_condemned
from stats import actions, vault
from stats.models import StatsYear


@pytest.mark.django_db
@pytest.mark.sqlite_only  # a dump is the file; on PostgreSQL a table has row versions too, of which the docs speak
def test_a_nightly_write_looks_the_same_with_and_without_a_tally(at, monkeypatch):
    """200 pairs of dumps differ in key id and blob alone, and a classifier of those does no better than chance."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # fsync would take most of the time
    at("2025-06-15")
    actions.open_year(year=2025)
    actions.reseal()
    before, old, changes = _stored(), [], {False: [], True: []}
    for is_tallied in [False, True] * 100:
        if is_tallied:
            actions.tally(year=2025, first_this_year=True, codes={"concern": "grief"})
            destroy_condemned()  # as after each commit
        actions.reseal()
        after = _stored()
        assert after.all_else == before.all_else  # so neither a size nor a number of rows has changed
        changes[is_tallied].append(bytes(a ^ b for a, b in zip(before.blob, after.blob, strict=True)))
        old.append(before)
        before = after
    correct = sum(_guess(changes, kind, position) == kind for kind in changes for position in range(50, 100))
    assert 30 <= correct <= 70  # 100 guesses; chance gives 50, with a standard error of 5
    for stored in old:
        for key_id in (stored.key_id, *keyring.shred_ids()):
            assert vault.problem_with(StatsYear(year=2025, key_id=key_id, blob=stored.blob)) is not None


@dataclass(frozen=True)
class Stored:
    """The database as a file, apart from the key id and blob, which may differ from one day to the next."""

    key_id: str
    blob: bytes
    all_else: bytes


def _stored():
    destroy_condemned()
    row = StatsYear.objects.get()
    dumped, key_id, blob = connection.connection.serialize(), row.key_id.encode(), bytes(row.blob)
    assert (dumped.count(key_id), dumped.count(blob)) == (1, 1)
    return Stored(row.key_id, blob, dumped.replace(key_id, b"").replace(blob, b""))


def _guess(dumps, kind, position):
    """Nearest mean of the number of ones in each byte, learned from the first half of each kind."""
    features = {k: [[byte.bit_count() for byte in dump] for dump in dumps[k][:50]] for k in dumps}
    means = {k: [sum(column) / 50 for column in zip(*rows, strict=True)] for k, rows in features.items()}
    one = [byte.bit_count() for byte in dumps[kind][position]]
    return min(means, key=lambda k: sum((a - b) ** 2 for a, b in zip(means[k], one, strict=True)))
