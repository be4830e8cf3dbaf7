"""The demo's sample data after its first start, and that actions made it."""

import ast
import json
from pathlib import Path

import pytest

import operations
from operations.demo import years
from peersupport.program.vocabulary import VOCABULARIES

ROOM = Path(operations.__file__).parent
# Last runs of rounds; and whole tables, as a backup has them.
WRITERS = {ROOM / "actions.py", ROOM / "backup" / "tables.py"}
WRITES = {
    "save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "asave", "acreate", "adelete",
}  # fmt: skip
FACTS = """
import json
from django.conf import settings
from django.utils import timezone
from peersupport.sealing import keyring, receipt
from peersupport.team import key_pair
from peersupport.team.queries import availability as schedule, eligibility, member_keys, service_record
from peersupport.team.models import Member, User
from requests_app.queries import matching, members as contacts, officers
from stats import queries as stats
from training.queries import records, subjects
from training.models import Subject
now = timezone.now(); today = timezone.localdate()
all_codes = set(Subject.objects.filter(is_retired=False).values_list("code", flat=True))
current = subjects.current_subjects(today)
def offers(member):
    private_key = key_pair.open_by_password(member_keys.current_key_of(member.user).pair, "peer-support-demo")
    return len(contacts.offers_for(member, private_key))
serving = list(eligibility.members_who_can_serve(today))
words = receipt.parse((settings.VAR / "sample-receipt.txt").read_text())
own = officers.own_request(receipt.credentials(keyring.lasting("credentials"), words))
reports = [closed.report.as_dict() for closed in stats.closed_years()]
print(json.dumps({
    "users": sorted(User.objects.values_list("email", flat=True)),
    "kinds": sorted(set(Member.objects.values_list("kind", flat=True))),
    "units": len(set(Member.objects.values_list("unit", flat=True))),
    "states": sorted(Member.objects.values_list("state", flat=True)),
    "current_in_all": [m.user.email for m in serving if current[m.pk] == all_codes],
    "on_call": sorted(m.user.email for m in serving if m.pk in schedule.on_call_at(now)),
    "is_now_available": matching.is_now_available(now),
    "load": {p.member_id: [p.open_contacts, p.cap] for p in matching.serving_peers(now) if p.is_on_call},
    "offers": {m.user.email: offers(m) for m in Member.objects.select_related("user")},
    "contacts": {m.user.email: len(contacts.contacts_of(m)) for m in serving},
    "thread": [own.state.value, len(own.thread)],
    "reports": [closed.year for closed in stats.closed_years()],
    "open": [y.period.year for y in stats.open_years(today)],
    "this_year": today.year,
    "counted": [r["lo"] for r in reports[0]["rows"] if r["vector"] == "contacts"],
    "alarms": len(stats.problems_by_year()),
    "years": {closed.year: report["team"] for closed, report in zip(stats.closed_years(), reports)},
    "published": [closed.year for closed in stats.closed_years() if closed.is_published],
    "milestones": {m.user.email: [str(day) for day in (
        records.records_of(m)[-1].completed_on, service_record.service_record_of(m).agreements[-1].signed_on,
        m.designated_on, m.term_ends_on,
    )] for m in serving},
}))
"""


def test_demo_writes_through_actions_only():
    """A row written here would skip the audit, the checks and the keys."""
    found = [
        f"{path.name}:{call.lineno} {ast.unparse(call.func)}"
        for path in sorted(set(ROOM.rglob("*.py")) - WRITERS)
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in WRITES
    ]
    # A drawn picture is no row, and a copy of the database a file.
    no_rows = (" image.save", " kind.save")
    assert [call for call in found if not call.endswith(no_rows)] == []


@pytest.fixture
def facts(demo_site):
    return json.loads(demo_site.run(FACTS))


def test_sample_data_is_what_a_newcomer_is_promised(facts):
    members = [f"member{number}@example.org" for number in range(1, 9)]
    assert facts["users"] == sorted(
        [*members, "coordinator@example.org", "director@example.org", "operator@example.org"]
    )
    assert facts["kinds"] == ["family", "professional_staff", "retired", "sworn"]
    assert facts["units"] >= 5
    assert facts["states"] == ["designated"] * 7 + ["in_training"]
    assert facts["on_call"] == ["member1@example.org", "member2@example.org", "member4@example.org"]
    assert facts["is_now_available"]
    assert set(facts["on_call"]) <= set(facts["current_in_all"]) < set(members)
    assert all(open_contacts < cap for open_contacts, cap in facts["load"].values())
    assert sum(facts["offers"].values()) == 2
    assert sum(facts["contacts"].values()) == 1
    assert all(facts["offers"][who] == facts["contacts"][who] == 0 for who in facts["on_call"])
    year = facts["this_year"]
    assert (facts["reports"], facts["open"], facts["alarms"]) == ([year - 1, year - 2], [year], 0)
    assert facts["counted"][0] >= 100


def test_sample_receipt_opens_the_sample_thread(facts):
    assert facts["thread"] == ["accepted", 2]


def test_sample_years_use_the_closed_lists():
    for name, shares in years.SHARES.items():
        assert set(shares) <= set(VOCABULARIES[name].codes)
        assert sum(shares.values()) <= 100
    assert list(years.tallies(2031, 40)) == list(years.tallies(2031, 40))
    assert list(years.tallies(2031, 40)) != list(years.tallies(2032, 40))


def test_sample_data_is_consistent_over_the_years(facts):
    """Trained, signed, designated, on call, in this order; and each report has the team of its year."""
    assert len(facts["milestones"]) == 7
    for days in facts["milestones"].values():
        assert days == sorted(days)
    year = facts["this_year"]
    first, second = (facts["years"][str(year - ago)] for ago in (2, 1))
    assert [first["members"]["designated"], second["members"]["designated"]] == [5, 7]
    assert [first["designations"], second["designations"]] == [5, 2]
    assert 0.5 < first["on_call_share"] < second["on_call_share"] == 1.0
    for team in (first, second):
        assert all(subject["hours"] > 0 for subject in team["training"])
        assert all(session["count"] > 0 for session in team["sessions"])
        assert all(subject["missing"] == 0 for subject in team["training"])
    assert facts["published"] == [year - 2]
