"""The roster and a member's page: what the coordinator does there, what is audited, what is refused."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.sealing import envelope
from peersupport.team.actions import keys, membership
from peersupport.team.domain.states import EndReason, MembershipState
from peersupport.team.models import Member, MemberKey, User
from peersupport.team.queries import availability
from tests.cast import give_key, make_invited, make_member, pair_of, sign_in

TODAY = date(2026, 3, 10)
ALL_WEEK = {"purpose": "on_call", "days": list("0123456"), "starts": "00:00", "ends": "00:00"}
DESIGNATION = {"on": "2026-02-01", "head": "Sheriff Sam", "order": "2026-07", "all_the_same": "on"}


@pytest.fixture
def staff(client: Client, coordinator: User) -> Client:
    return sign_in(client, coordinator)


@pytest.fixture
def cleo(coordinator: User) -> Member:
    return make_member(
        "Cleo Cole", state=MembershipState.IN_TRAINING, designated_on=None, designated_by="", on_call=False
    )


def audited() -> list[tuple[str, int | None, str]]:
    return list(Entry.objects.order_by("pk").values_list("action", "by", "about"))


def post(client: Client, member: Member, what: str, **typed: object) -> str:
    """The page after posting, redirects followed."""
    room = "/training" if what == "designate" else ""
    return client.post(f"{room}/members/{member.pk}/{what}/", typed, follow=True).content.decode()


# The list


def test_roster_shows_members_and_the_state_of_their_key(staff: Client, ana: Member, cleo: Member) -> None:
    page = staff.get("/members/").content.decode()
    for words in ("Ana Alvarez", "Designated", "Patrol", "Confirmed", "Cleo Cole", "In training", "No key"):
        assert words in page


def test_empty_roster_says_what_to_do(staff: Client) -> None:
    assert "Nobody is on the team yet." in staff.get("/members/").content.decode()


@pytest.mark.parametrize("address", ["/members/", "/team/"])
def test_lists_take_the_same_queries_for_1_and_30_members(staff: Client, ana: Member, address: str) -> None:
    with CaptureQueriesContext(connection) as with_one:
        staff.get(address)
    for number in range(29):
        make_member(f"Nr{number}", confirmed_by=ana.current_key.confirmed_by)
    make_invited("Ina Imported")
    with CaptureQueriesContext(connection) as with_thirty:
        page = staff.get(address).content.decode()
    assert "Nr28" in page and len(with_one) == len(with_thirty)


def test_reader_sees_no_buttons(client: Client, director: User, ana: Member) -> None:
    sign_in(client, director)
    page = client.get(f"/members/{ana.pk}/").content.decode()
    assert "Ana Alvarez" in page
    assert page.count("<form") == page.count('action="/sign-out/"'), "only signing out"


# Moves


def test_designation_is_dated_and_audited(staff: Client, cleo: Member, coordinator: User) -> None:
    page = post(staff, cleo, "designate", **DESIGNATION)
    cleo.refresh_from_db()
    assert (cleo.state, cleo.designated_on) == (MembershipState.DESIGNATED, date(2026, 2, 1))
    assert (cleo.designated_by, cleo.designation_order) == ("Sheriff Sam", "2026-07")
    assert "Cleo Cole is designated." in page and "February 1, 2026" in page
    assert audited() == [
        (action, coordinator.pk, f"member:{cleo.pk}") for action in ("member_designated", "designated_untrained")
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"on": "2199-01-01"}, "This day is in the future."),
        ({"on": "the first"}, "Enter a valid date."),
        ({"head": ""}, "Please fill this in."),
        ({"order": "x" * 61}, "at most 60 characters"),
    ],
)
def test_designation_with_bad_input_keeps_the_fields(
    staff: Client, cleo: Member, typed: dict[str, str], said: str
) -> None:
    page = post(staff, cleo, "designate", **(DESIGNATION | typed))
    assert said in page and ("Sheriff Sam" in page or typed.get("head") == "")
    cleo.refresh_from_db()
    assert cleo.state == MembershipState.IN_TRAINING and audited() == []


def test_move_that_is_not_allowed_is_refused(staff: Client, ana: Member) -> None:
    membership.end_membership(
        member_id=ana.pk, reason=EndReason.GOOD_STANDING, on=TODAY, by=User.objects.get(name__startswith="C")
    )
    for what, typed, said in (
        ("designate", DESIGNATION, "Only a member in training can be designated."),
        ("end", {"reason": "standing", "on": "2026-02-01"}, "This person has already left the team."),
        ("leave", {"first": "2026-02-01"}, "This person is no longer a member."),
        ("hours", ALL_WEEK, "Only a designated member can be on call."),
    ):
        before = Member.objects.values().get(pk=ana.pk)
        page = post(staff, ana, what, **typed)
        assert said in page
        assert Member.objects.values().get(pk=ana.pk) == before
    assert [action for action, *_ in audited()] == ["membership_ended"]


def test_de_selection_retires_key_and_account(staff: Client, client: Client, ana: Member, coordinator: User) -> None:
    page = post(staff, ana, "end", reason="training", on="2026-02-01")
    assert "Missed training" in page
    ana.refresh_from_db()
    assert (ana.state, ana.user.is_active, ana.user.is_member) == (MembershipState.ENDED, False, False)
    assert availability.on_call_at(timezone.now()) == frozenset()
    key = MemberKey.objects.get()
    assert key.is_retired and bytes(key.sealed_by_password) == bytes(key.sealed_by_recovery) == b""
    assert audited() == [("membership_ended", coordinator.pk, f"member:{ana.pk}")]


def test_de_selected_coordinator_keeps_the_other_role(ana: Member, coordinator: User) -> None:
    User.objects.filter(pk=ana.user_id).update(is_coordinator=True)
    membership.end_membership(member_id=ana.pk, reason=EndReason.OWN_WISH, on=TODAY, by=coordinator)
    ana.user.refresh_from_db()
    assert ana.user.is_active and not ana.user.is_member


def test_de_selection_ends_the_session(ana: Member, coordinator: User) -> None:
    browser = sign_in(Client(), ana)
    membership.end_membership(member_id=ana.pk, reason=EndReason.OWN_WISH, on=TODAY, by=coordinator)
    assert browser.get("/my-page/")["Location"] == "/sign-in/?next=/my-page/"


def test_leave_ends_on_call_hours_and_returning_twice_is_harmless(
    staff: Client, ana: Member, coordinator: User
) -> None:
    today = timezone.localdate()
    page = post(staff, ana, "leave", first=today.isoformat(), last=(today + timedelta(days=9)).isoformat())
    ana.refresh_from_db()
    assert (
        ana.is_on_leave(today) and availability.on_call_at(timezone.now()) == frozenset() and "On leave through" in page
    )
    post(staff, ana, "return")
    post(staff, ana, "return")
    ana.refresh_from_db()
    assert (ana.leave_from, ana.leave_until) == (None, None)
    about = f"member:{ana.pk}"
    assert audited() == [("leave_taken", coordinator.pk, about), ("returned_from_leave", coordinator.pk, about)]


def test_leave_that_ends_before_it_starts_is_refused(staff: Client, ana: Member) -> None:
    page = post(staff, ana, "leave", first="2026-03-02", last="2026-03-01")
    assert "The last day of leave is before the first day." in page and 'value="2026-03-02"' in page


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_mistyped_year_is_refused(staff: Client, ana: Member, day: str) -> None:
    page = post(staff, ana, "leave", first="2026-03-02", last=day)
    assert "Please check the year." in page and f'value="{day}"' in page
    ana.refresh_from_db()
    assert ana.leave_from is None


def test_facts_can_be_corrected(staff: Client, ana: Member) -> None:
    post(staff, ana, "facts", kind="retired", unit="Courts", agency="Next County", is_supervisor="on")
    ana.refresh_from_db()
    assert (ana.kind, ana.unit, ana.agency, ana.is_supervisor) == ("retired", "Courts", "Next County", True)


# Keys

FORGED = envelope.public_key_of(bytes(range(32)))


@pytest.fixture
def unconfirmed(cleo: Member) -> MemberKey:
    return give_key(cleo, pair_of("Cleo Cole")[0], recovery_checked=True)


def test_coordinator_confirms_a_key_by_its_fingerprint(
    staff: Client, unconfirmed: MemberKey, coordinator: User
) -> None:
    page = staff.get(f"/members/{unconfirmed.member_id}/").content.decode()
    assert all(f"<span>{word}</span>" in page for word in unconfirmed.fingerprint.split())
    for _ in range(2):
        shown = {"fingerprint": unconfirmed.fingerprint}
        assert staff.post(f"/members/keys/{unconfirmed.pk}/confirm/", shown).status_code == 302
    unconfirmed.refresh_from_db()
    assert (unconfirmed.confirmed_by, unconfirmed.confirmed_on) == (coordinator, timezone.localdate())
    assert audited() == [("key_confirmed", coordinator.pk, f"member:{unconfirmed.member_id}")]


def test_designating_is_the_quiet_button_while_words_are_to_be_compared(staff: Client, unconfirmed: MemberKey) -> None:
    def is_quiet() -> bool:
        page = staff.get(f"/members/{unconfirmed.member_id}/").content.decode()
        found = re.search(r'class="button( button--quiet)?" type="submit">\s*Designate', page)
        assert found
        return found[1] is not None

    assert is_quiet()
    staff.post(f"/members/keys/{unconfirmed.pk}/confirm/", {"fingerprint": unconfirmed.fingerprint})
    assert not is_quiet()
    MemberKey.objects.update(confirmation=b"")
    assert is_quiet()


def test_member_sees_the_same_fingerprint(unconfirmed: MemberKey) -> None:
    page = sign_in(Client(), unconfirmed.member).get("/my-page/").content.decode()
    assert all(f"<span>{word}</span>" in page for word in unconfirmed.fingerprint.split())


def test_only_the_key_that_the_page_showed_is_confirmed(staff: Client, unconfirmed: MemberKey) -> None:
    shown = {"fingerprint": unconfirmed.fingerprint}
    MemberKey.objects.update(public_key=FORGED)
    page = staff.post(f"/members/keys/{unconfirmed.pk}/confirm/", shown).content.decode()
    assert "The four words have changed since this page was shown." in page
    unconfirmed.refresh_from_db()
    assert unconfirmed.confirmed_on is None and audited() == []


def test_key_that_does_not_verify_is_confirmed_again(staff: Client, ana: Member, coordinator: User) -> None:
    MemberKey.objects.update(confirmation=b"")
    assert "To confirm again" in staff.get("/members/").content.decode()
    page = staff.get(f"/members/{ana.pk}/").content.decode()
    assert "This key has to be confirmed again.</b>" in page and "somebody changed the database" in page
    assert "Key confirmed by" not in page, "nobody knows that"
    key = MemberKey.objects.get()
    staff.post(f"/members/keys/{key.pk}/confirm/", {"fingerprint": key.fingerprint})
    key.refresh_from_db()
    assert (key.is_verified, key.confirmed_on) == (True, timezone.localdate())
    assert audited() == [("key_confirmed", coordinator.pk, f"member:{ana.pk}")]
    assert "To confirm again" not in staff.get("/members/").content.decode()


def test_confirmation_that_verifies_stays_as_it_is(staff: Client, ana: Member) -> None:
    before = MemberKey.objects.values().get()
    staff.post(f"/members/keys/{ana.current_key.pk}/confirm/", {"fingerprint": ana.current_key.fingerprint})
    assert MemberKey.objects.values().get() == before and audited() == []


def test_member_reads_that_their_key_has_to_be_confirmed_again(ana: Member) -> None:
    MemberKey.objects.update(confirmation=b"")
    browser = sign_in(Client(), ana)
    page = browser.get("/my-page/").content.decode()
    assert "Your key has to be confirmed again." in page and "Your open contacts stay with you." in page
    assert all(f"<span>{word}</span>" in page for word in ana.current_key.fingerprint.split())
    assert "Your key has to be confirmed again." in browser.get("/desk/").content.decode()


def test_member_never_reads_the_words_of_a_key_that_was_put_in_place_of_theirs(ana: Member) -> None:
    """The coordinator's page shows the forged key's words; if the member's did too, they would match."""
    browser, own = sign_in(Client(), ana), ana.current_key.fingerprint.split()
    MemberKey.objects.update(public_key=FORGED)
    forged = MemberKey.objects.get().fingerprint.split()
    still_signed_in = browser.get("/my-page/").content.decode()
    signed_in_again = sign_in(Client(), ana).get("/my-page/").content.decode()
    assert "The key stored for you isn't yours." in still_signed_in
    assert "Your key is locked in this browser," in signed_in_again
    assert [all(f"<span>{word}</span>" in page for word in own) for page in (still_signed_in, signed_in_again)] == [
        True,
        False,
    ]
    assert not any(f"<span>{word}</span>" in still_signed_in + signed_in_again for word in forged)


def test_nobody_confirms_their_own_key(unconfirmed: MemberKey) -> None:
    User.objects.filter(pk=unconfirmed.member.user_id).update(is_coordinator=True)
    browser = sign_in(Client(), unconfirmed.member)
    page = browser.post(f"/members/keys/{unconfirmed.pk}/confirm/").content.decode()
    assert "You can&#x27;t confirm your own key." in page
    unconfirmed.refresh_from_db()
    assert unconfirmed.confirmed_on is None and audited() == []


def test_replaced_key_cannot_be_confirmed(staff: Client, unconfirmed: MemberKey, coordinator: User) -> None:
    keys.retire_key(unconfirmed.member)
    page = staff.post(f"/members/keys/{unconfirmed.pk}/confirm/").content.decode()
    assert "This key has been replaced by a newer one." in page
    with pytest.raises(Refused):
        keys.confirm_key(key_id=unconfirmed.pk, fingerprint=unconfirmed.fingerprint, by=coordinator)


# One's own page


def test_member_changes_their_own_profile(ana: Member) -> None:
    browser = sign_in(Client(), ana)
    typed = {"about": "Nights are fine.", "unit": "Night patrol", "cap": "2"}
    assert "Your profile was saved." in browser.post("/my-page/profile/", typed, follow=True).content.decode()
    ana.refresh_from_db()
    assert (ana.about, ana.unit, ana.cap) == ("Nights are fine.", "Night patrol", 2)
    assert audited() == [("profile_updated", ana.user_id, f"member:{ana.pk}")]
    assert "Nights are fine." in Client().get("/team/").content.decode()


@pytest.mark.parametrize("typed", [{"cap": "0"}, {"cap": "many"}, {"about": "x" * 301}])
def test_profile_with_bad_input_keeps_the_fields(ana: Member, typed: dict[str, object]) -> None:
    browser = sign_in(Client(), ana)
    page = browser.post("/my-page/profile/", {"about": "Kept", "unit": "", "cap": "3"} | typed).content.decode()
    assert "Please look at this again" in page and ("Kept" in page or "about" in typed)
    assert audited() == []


def test_own_page_without_membership(staff: Client) -> None:
    page = staff.get("/my-page/").content.decode()
    assert "Carla Coordinator" in page and "Change password" in page and "Your key" not in page


def test_audit_has_only_codes_and_ids(staff: Client, ana: Member, cleo: Member) -> None:
    post(staff, cleo, "designate", **DESIGNATION)
    post(staff, ana, "end", reason="confidentiality", on="2026-02-01")
    kept = repr(list(Entry.objects.values_list("action", "about")))
    for leak in ("Ana", "Cleo", "Sheriff", "2026-07", "confidentiality", "example.org"):
        assert leak not in kept


# Looking for somebody


def test_long_roster_has_pages_and_a_search(staff: Client, ana: Member) -> None:
    assert 'role="search"' not in staff.get("/members/").content.decode(), "no search for a list of one page"
    for number in range(30):
        make_member(f"Nr{number:02}", unit="Jail" if number == 7 else "Patrol", agency="Fire" if number == 9 else "")
    first, second = (staff.get(f"/members/?page={number}").content.decode() for number in (1, 2))
    assert "Ana Alvarez" in first and "Nr29" not in first and "Nr29" in second and "Ana Alvarez" not in second
    assert 'role="search"' in first and "Page 1 of 2, 31 in all" in first
    for words, found in (("jail", "Nr07"), ("FIRE nr", "Nr09"), ("nr29", "Nr29")):
        page = staff.get("/members/", {"words": words}).content.decode()
        assert re.findall(r"Nr\d\d", page) == [found] and "Ana Alvarez" not in page
    page = staff.get("/members/", {"words": "\x00<nobody>"}).content.decode()
    assert "Ana Alvarez" in page, "a query that cannot match shows the whole list"
    assert "Nobody on the team has this name or unit." in staff.get("/members/?words=zebra").content.decode()
    assert "words=patrol&amp;page=2" in staff.get("/members/?words=patrol").content.decode()
