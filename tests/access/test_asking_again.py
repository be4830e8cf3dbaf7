"""Every address by which somebody changes another's standing, or takes a file along: it asks again, or says why not."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from peersupport.access.body_limits import UPLOAD_ROUTES
from peersupport.access.public_routes import ANONYMOUS_ROUTES, SIGN_IN_ROUTES
from tests.access.expected_statuses import EXPECTED, WHO
from tests.access.world import World, address_of
from tests.cast import sign_in

ACTS = {
    "stats:close": "a year is closed for good",
    "stats:restart": "what was counted is lost",
    "stats:publish": "what is public can't be taken back",
    "training:designate": "designation",
    "team:renew": "designation for another term",
    "team:end_membership": "the end of a membership",
    "team:confirm_key": "whose key requests are sealed to",
    "team:confirm_roster": "many designations at once",
    "team:account": "roles given and taken",
    "team:ask_lift": "somebody's second factor",
    "team:second_lift": "somebody's second factor",
    "team:invite": "roles given",
    "team:correct_invitation_address": "somebody's address",
    "team:correct_account_address": "somebody's address",
}
FILES = {
    "team:export_roster", "dashboard:audit_csv", "applications:csv", "applications:workbook", "applications:pdf",
    "training:coverage_workbook", "training:coverage_pdf",
    "training:designation", "training:transcript", "training:record_certificate",
    "training:attendance_sheet",
}  # fmt: skip
# A member may open their own, or what they review: it asks before it looks whether this one is.
OF_SOME_MEMBERS = {"applications:pdf", "training:transcript", "training:record_certificate"}
# Why the others don't ask.
WITHOUT = {
    "one's own, with the password on its own form where it matters": {
        "account_change_password", "team:change_address", "team:phone_alert", "team:test_phone_alert",
        "team:remove_phone_alert", "team:add_app", "team:add_passkey",
        "team:backup_codes", "team:keep_backup_codes", "team:own_lift",
    },
    "has to be quick, and gives nobody anything": {
        "team:sign_out_everywhere", "stats:withdraw", "requests_app:telephone_only",
    },
    "takes something back, notes a fact, or is a step before one that asks": {
        "team:cancel_invitation", "team:send_invitation_again", "team:take_back_lift", "team:record_facts",
        "team:take_leave",
        "team:return_from_leave", "team:discard_roster", "team:import_roster",
    },
    "who is on call is arranged in a hurry, and everybody concerned is notified": {
        "team:member_hours", "team:end_member_hours",
    },
    "after an incident every minute counts": {
        name for name in EXPECTED if name.startswith("incidents:")
    } - {"incidents:answer_call"},
    "one application, read and answered by those who were asked to; whoever is accepted is not designated yet": {
        "applications:begin_review", "applications:assign", "applications:name_reviewer", "applications:recuse",
        "applications:propose_times", "applications:cancel_interview", "applications:letter", "applications:abandon",
        "applications:invite_again",
    },
    "who was trained when, and what is planned; designating asks": {
        "training:record", "training:delete_record", "training:plan_session", "training:change_session",
        "training:cancel_session", "training:attendance", "training:given_sessions", "training:delete_given_session",
        "training:imports", "training:confirm_import", "training:discard_import", "training:verify_external_training",
        "training:send_back_external_training",
    },
    "what the program says and asks of everybody; each text keeps its versions and authors": {
        "applications:settings", "program:settings", "program:write_text", "program:approve_text",
        "program:confirm_lines", "requests_app:request_times", "training:add_subject", "training:subject",
        "training:set_validity", "training:retire_subject", "training:reinstate_subject", "training:requirements",
        "dashboard:launch", "dashboard:confirm_paper", "operations:health",
    },
    "somebody waits for it": {"requests_app:answer_consultation"},
    "names nobody": {
        "stats:report_json", "stats:report_csv", "stats:report_xlsx", "stats:report_pdf", "program:poster",
        "program:pocket_card", "team:roster_template", "training:import_template",
    },
    "one paper or appointment, opened while somebody works on it": {
        "applications:resume", "applications:calendar", "training:external_certificate", "training:calendar",
    },
}  # fmt: skip
EXTENSION = re.compile(r"\.(?:pdf|csv|xlsx|json|ics|<slug:kind>)$")
FILES_BY_ANOTHER_NAME = {"training:external_certificate"}


def views() -> Iterator[tuple[str, URLPattern]]:
    def walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLPattern):
                yield prefix + str(pattern.name), pattern
            else:
                yield from walk(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)

    return walk(get_resolver("peersupport.urls"), "")


def works_by_post(name: str) -> bool:
    """For somebody besides members, whose own pages are about themselves."""
    statuses = dict(zip(WHO, EXPECTED[name].post.split(), strict=True))
    return any(statuses[who] in {"200", "302"} for who in WHO if who not in {"anonymous", "member"})


def concerned() -> set[str]:
    staff = {name: pattern for name, pattern in views() if name not in ANONYMOUS_ROUTES | SIGN_IN_ROUTES}
    files = {name for name, pattern in staff.items() if EXTENSION.search(str(pattern.pattern))}
    return files | FILES_BY_ANOTHER_NAME | {name for name in staff if works_by_post(name)}


def test_every_act_and_every_file_asks_or_says_why_not() -> None:
    without = {name for names in WITHOUT.values() for name in names}
    asking = set(ACTS) | FILES
    assert not asking & without
    assert concerned() - asking - without == set(), "think: does it ask again? Then write it down here"
    assert (asking | without) - concerned() == set(), "gone, or not what it was"


def test_exactly_these_views_ask() -> None:
    assert {name for name, pattern in views() if hasattr(pattern.callback, "asks_again")} == set(ACTS) | FILES


def test_what_asks_takes_no_file_that_the_question_would_lose() -> None:
    assert not UPLOAD_ROUTES & (set(ACTS) | FILES)


@pytest.mark.parametrize("who", [who for who in WHO if who != "anonymous"])
def test_it_asks_whoever_may_and_nobody_else(request: pytest.FixtureRequest, world: World, who: str) -> None:
    client = sign_in(Client(), request.getfixturevalue("ana" if who == "member" else who))
    client.cookies.pop("confirmed")
    column, expected, actual = WHO.index(who), {}, {}
    for name in [*ACTS, *sorted(FILES)]:
        method = "get" if name in FILES else "post"
        status = int(getattr(EXPECTED[name], method).split()[column])
        asks = status != 404 or (who == "member" and name in OF_SOME_MEMBERS)
        expected[name] = 403 if asks else 404
        actual[name] = getattr(client, method)(address_of(name, world), {}).status_code
    assert actual == expected
