"""The attackers: they bite where tables can be turned back, and find nothing in ours. The whole measure is in bench."""

import math
import os
from collections import Counter as Tally
from dataclasses import dataclass

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.template.loader import render_to_string

from peersupport.sealing import keyring
from peersupport.sealing.actions import destroy_condemned
from stats import actions, queries, vault
from stats.documents import exports, files, readback
from stats.domain import attacks, simulations
from stats.domain.disclosure import CUT, lower_bound, release
from stats.domain.ledger import COUNTERS
from stats.models import StatsYear
from tests.stats.bits import CountedBits
from tests.stats.conftest import close_with


def report(**bounds):
    rows = [{"vector": c.vector, "code": c.code, "lo": 0, "hi": 9} for c in COUNTERS]
    for row in rows:
        if (lo := bounds.get(f"{row['vector']}__{row['code']}")) is not None:
            row.update(lo=lo, hi=lo + 9)
    return {"period": "2025", "rows": rows, "team": {}}


# Schema and grid


def test_what_the_program_releases_passes_schema_and_grid():
    rows = [vars(row) for row in release(dict.fromkeys(COUNTERS, 17))]
    assert attacks.schema(report() | {"rows": rows}) == []
    assert attacks.grid(rows) == []


@pytest.mark.parametrize(
    "harm",
    [
        lambda rows: rows.pop(),
        lambda rows: rows.reverse(),
        lambda rows: rows[5].update(note="x"),
        lambda rows: rows.append(rows[0]),
        lambda rows: rows[9].update(code="other"),
    ],
)
def test_a_schema_that_differs_is_found(harm):
    changed = report()
    harm(changed["rows"])
    assert attacks.schema(changed)


@pytest.mark.parametrize(("lo", "hi"), [(5, 14), (10, 18), (-10, -1), (10.0, 19), (0, 0), (True, 10)])
def test_a_cell_off_the_grid_is_found(lo, hi):
    assert attacks.grid([{"vector": "concern", "code": "grief", "lo": lo, "hi": hi}])


# Linear programs


@pytest.mark.parametrize("contacts", [20, 500])
def test_linear_programs_learn_nothing_from_a_year_of_ours(contacts):
    bits = CountedBits(contacts)
    assert simulations.against_ours(contacts, 1, bits) == []


def test_linear_programs_bite_masked_tables():
    teeth = simulations.teeth(500, 6, CountedBits(4))
    assert teeth.small > 20
    assert 0.25 < teeth.recovered / teeth.small < 0.75


def test_additive_bands_are_found():
    """Every vector answered by everybody, and the total given exactly: the bands are then no bands."""
    printed = report(concern__grief=10, concern__work=20)
    del printed["rows"][14:]
    for total in printed["rows"][:2]:
        total.update(lo=32, hi=32)
    assert len(attacks.narrowed(attacks.intervals([printed], are_sums_exact=True))) >= 12


def test_a_report_that_contradicts_itself_is_found():
    assert attacks.narrowed(attacks.intervals([report(concern__grief=100)])) == [
        "no table fits what is printed: the report contradicts itself"
    ]


def test_without_the_solver_the_attacker_says_so(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "scipy.optimize", None)
    with pytest.raises(attacks.NoSolver, match="scipy"):
        attacks.intervals([report()])


# Noise and the insider


def test_one_person_more_changes_a_label_by_no_more_than_it_may():
    assert simulations.one_person_more(700, CountedBits(1)).beyond == ()


def test_a_report_without_noise_is_found():
    certain = Tally({(10,): 700})
    assert attacks.beyond(attacks.ratios(Tally({(10,): 900, (0,): 900}), certain + Tally({(0,): 9000})), 0.5)


def test_exact_odds_of_every_label_keep_the_bound():
    """Not sampled: whatever set of labels one looks at, e^0.5 times as likely at most, but for 0.003 (delta)."""
    for value in range(60):
        one, other = attacks.label_odds(value), attacks.label_odds(value + 1)
        assert abs(sum(one.values()) - 1) < 1e-12
        for p, q in ((one, other), (other, one)):
            assert sum(max(0.0, odds - math.exp(0.5) * q.get(label, 0.0)) for label, odds in p.items()) < 0.003


def test_an_empty_counter_never_prints_a_band():
    assert set(attacks.label_odds(0)) == {0}
    assert max(lower_bound(z) for z in range(-CUT, CUT + 1)) == 0


def test_an_insider_learns_next_to_nothing():
    insider = simulations.insider(300, 500, CountedBits(2))
    assert insider.sure == 0
    assert abs(insider.mean_of_truth - 1 / 12) < 0.03


def test_an_insider_is_sure_only_of_what_no_noise_could_have_printed():
    """The attacker has teeth: nine is the most that noise adds, so a ten where nobody else was is the one unknown."""
    assert 0.5 < attacks.posterior([9, 4], [10, 0], [0.5, 0.5])[0] < 0.7
    assert attacks.posterior([0, 0], [10, 0], [0.5, 0.5]) == [1.0, 0.0]


# Published files


@pytest.fixture
def year_files(db, at):
    at("2025-06-15")
    close_with(2024, persons=41, contacts=1297, concern__grief=15, mode__phone=23)
    closed = queries.closed_year(year=2024)
    made = {kind: make(closed) for kind, make in files.FILES.items()}
    return made | {"html": render_to_string("stats/result.html", {"words": queries.words_of(closed)}).encode()}


def test_every_number_in_every_file_is_a_listed_one(year_files):
    assert readback.findings(year_files) == []


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("html", b"about 20\xe2\x80\x9329", b"about 20\xe2\x80\x9329 (23)"),
        ("html", b'x="15.0%"', b'x="15.4%"'),
        ("html", b'data-part="team"', b""),
        ("csv", b"concern,grief,10,19", b"concern,grief,15,15"),
        ("json", b'"lo": 20', b'"lo": 23'),
    ],
)
def test_a_number_that_is_no_bound_is_found(year_files, kind, old, new):
    if kind == "html" and old not in year_files[kind]:
        old, new = b'x="10.0%"', b'x="10.4%"'
    assert old in year_files[kind]
    assert readback.findings(year_files | {kind: year_files[kind].replace(old, new)})


def test_a_number_in_spreadsheet_or_paper_that_is_no_bound_is_found(year_files):
    other = exports.from_json(year_files["json"].decode())
    next(row for row in other["rows"] if row["code"] == "grief").update(lo=30, hi=39)
    changed = year_files | {"json": exports.to_json(other).encode()}
    found = " ".join(readback.findings(changed))
    for kind in ("XLSX", "PDF", "CSV", "HTML"):
        assert f"{kind}:" in found


def test_the_command_prints_its_figures_and_reads_a_folder_of_downloads(year_files, tmp_path, capsys):
    few = {"agencies": 1, "releases": 250, "trials": 20}
    call_command("audit_statistics", **few)
    said = capsys.readouterr().out
    assert "Published years read: 2024 (csv html json pdf xlsx)" in said
    assert "narrow below their band: 0 of 52" in said
    assert "Nothing was found beyond the printed bands." in said
    (tmp_path / "statistics-2024.json").write_bytes(year_files["json"].replace(b'"lo": 10', b'"lo": 12'))
    with pytest.raises(CommandError, match="findings"):
        call_command("audit_statistics", folder=tmp_path, **few | {"agencies": 0})
    (tmp_path / "statistics-2024.json").unlink()
    with pytest.raises(CommandError, match="There is no statistics"):
        call_command("audit_statistics", folder=tmp_path, **few | {"agencies": 0})


# The store


@pytest.mark.django_db
@pytest.mark.sqlite_only  # a dump is the file; on PostgreSQL a table has row versions too, of which the docs speak
def test_a_nightly_write_looks_the_same_with_and_without_a_tally(at, monkeypatch):
    """200 pairs of dumps: the same but for key id and blob, and no better than chance for whoever looks at those."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # most of the time, and nobody pulls the plug here
    at("2025-06-15")
    actions.open_year(year=2025)
    actions.reseal()
    before, old, changes = _stored(), [], {False: [], True: []}
    for is_tallied in [False, True] * 100:
        if is_tallied:
            actions.tally(year=2025, first_this_year=True, codes={"concern": "grief"})
            destroy_condemned()  # as each commit does
        actions.reseal()
        after = _stored()
        assert after.all_else == before.all_else  # so neither a size nor a number of rows has changed
        changes[is_tallied].append(bytes(a ^ b for a, b in zip(before.blob, after.blob, strict=True)))
        old.append(before)
        before = after
    rights = sum(_guess(changes, kind, place) == kind for kind in changes for place in range(50, 100))
    assert 30 <= rights <= 70  # 100 guesses; chance gives 50, with a standard error of 5
    for stored in old:
        for key_id in (stored.key_id, *keyring.shred_ids()):
            assert vault.trouble_with(StatsYear(year=2025, key_id=key_id, blob=stored.blob)) is not None


@dataclass(frozen=True)
class Stored:
    """The database as its file would be, and what of it may differ from one day to the next."""

    key_id: str
    blob: bytes
    all_else: bytes


def _stored():
    destroy_condemned()
    row = StatsYear.objects.get()
    dumped, key_id, blob = connection.connection.serialize(), row.key_id.encode(), bytes(row.blob)
    assert (dumped.count(key_id), dumped.count(blob)) == (1, 1)
    return Stored(row.key_id, blob, dumped.replace(key_id, b"").replace(blob, b""))


def _guess(dumps, kind, place):
    """Nearest mean, over the ones in each byte, learned from the first half of each kind."""
    features = {k: [[byte.bit_count() for byte in dump] for dump in dumps[k][:50]] for k in dumps}
    means = {k: [sum(column) / 50 for column in zip(*rows, strict=True)] for k, rows in features.items()}
    one = [byte.bit_count() for byte in dumps[kind][place]]
    return min(means, key=lambda k: sum((a - b) ** 2 for a, b in zip(means[k], one, strict=True)))
