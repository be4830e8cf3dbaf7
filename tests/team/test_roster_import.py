"""Importing a team from a spreadsheet, previewed and then all or nothing; and the export of the roster."""

import csv
import dataclasses
import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from openpyxl import Workbook, load_workbook

from peersupport.access.permissions import Role
from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.core.spreadsheet import reading
from peersupport.core.spreadsheet.cells import RowOutcome
from peersupport.core.spreadsheet.reading import SheetRow
from peersupport.core.translation import remark_text
from peersupport.team.actions import invitations, keys, membership, roster_import
from peersupport.team.domain.roster_rows import COLUMNS, EXAMPLE, KnownPerson, plan
from peersupport.team.domain.states import EndReason
from peersupport.team.models import Agreement, Invitation, Member, QueuedMail, RosterImport, User
from peersupport.team.presenters.roster_import import shown_row
from peersupport.team.queries import eligibility
from peersupport.team.queries.roster_file import is_email_address
from tests.cast import CAST_PASSWORD, make_user, sign_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)
PAT = {
    "E-mail": "Pat@example.org", "Name": "Pat Perez", "Kind": "Sworn", "Unit": "Patrol", "Supervisor": "yes",
    "Designated on": "2024-03-31", "Designated by": "Sheriff Sam", "Order": "2024-17", "Term ends on": "3/31/2027",
    "Agreement signed on": "2024-03-30",
}  # fmt: skip
KIM = {"E-mail": "kim@example.org", "Name": "Kim Kovač", "Kind": "professional_staff"}


def row_of(typed: dict[str, str], number: int = 2) -> SheetRow:
    return SheetRow(number, {column: typed.get(column, "") for column in COLUMNS})


def as_csv(*people: dict[str, str]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([COLUMNS, *([each.get(column, "") for column in COLUMNS] for each in people)])
    return out.getvalue().encode()


def as_xlsx(*people: dict[str, object]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for cells in (COLUMNS, *([each.get(column) for column in COLUMNS] for each in people)):
        book.active.append(cells)
    book.save(out)
    return out.getvalue()


def text_of(response: object) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


@pytest.fixture
def staff(client: Client, coordinator: User) -> Client:
    return sign_in(client, coordinator)


def upload(staff: Client, content: bytes) -> str:
    return text_of(staff.post("/members/import/", {"file": SimpleUploadedFile("team.csv", content)}, follow=True))


# What a row says


@pytest.mark.parametrize(
    ("typed", "column", "said"),
    [
        ({"E-mail": ""}, "E-mail", "empty"),
        ({"E-mail": "pat at example"}, "E-mail", "n't an e-mail address"),
        ({"Name": "=…"}, "Name", "formula"),
        ({"Name": "x" * 121}, "Name", "At most 120"),
        ({"Name": "x" * 201}, "Name", "too much"),
        ({"Kind": "officer"}, "Kind", "Sworn, Professional staff, Family, Retired"),
        ({"Supervisor": "perhaps"}, "Supervisor", "yes, no"),
        ({"Designated on": "20226-03-31"}, "Designated on", "write the day"),
        ({"Designated on": "2024-02-30"}, "Designated on", "write the day"),
        ({"Designated on": "2199-01-01"}, "Designated on", "check the year"),
        ({"Designated on": "0024-03-31"}, "Designated on", "check the year"),
        ({"Designated on": "2099-01-01"}, "Designated on", "hasn't come yet"),
        ({"Designated on": ""}, "Designated on", "“Designated by” is filled"),
        ({"Designated by": ""}, "Designated by", "who designated them"),
        ({"Order": "x" * 61}, "Order", "At most 60"),
        ({"Term ends on": "2024-03-31"}, "Term ends on", "has to end after"),
        ({"Agreement signed on": "soon"}, "Agreement signed on", "write the day"),
    ],
)
def test_errors_name_their_column(typed: dict[str, str], column: str, said: str) -> None:
    (line,) = plan([row_of(PAT | typed)], {}, TODAY, is_email_address)
    assert line.outcome == RowOutcome.WRONG
    assert [remark["column"] for remark in line.remarks] == [column] and said in remark_text(line.remarks[0])


def test_long_address_breaks_after_its_at_sign_and_stays_text() -> None:
    (row,) = plan([row_of(PAT | {"E-mail": "<b>@example.org", "Unit": ""})], {}, TODAY, is_email_address)
    assert shown_row(row).cells[0] == ("E-mail", "&lt;b&gt;@<wbr>example.org")


@pytest.mark.parametrize(
    ("known", "outcome", "said"),
    [
        (KnownPerson(), RowOutcome.NEW, ""),
        (KnownPerson(is_operator=True), RowOutcome.WRONG, "runs the server"),
        (KnownPerson(has_left=True), RowOutcome.WRONG, "has left the team"),
        (KnownPerson(on_record=dict.fromkeys(COLUMNS)), RowOutcome.KNOWN, "The roster has nothing here. That stays."),
        (KnownPerson(on_record=dict.fromkeys(COLUMNS, "other")), RowOutcome.KNOWN, "The roster has other. That stays."),
    ],
)
def test_outcome_for_a_known_person(known: KnownPerson, outcome: RowOutcome, said: str) -> None:
    (line,) = plan([row_of(PAT)], {"pat@example.org": known}, TODAY, is_email_address)
    assert line.outcome == outcome and said in " ".join(map(remark_text, line.remarks))


def test_same_person_twice_is_an_error_in_the_second_row() -> None:
    lines = plan([row_of(PAT), row_of(PAT | {"E-mail": "PAT@EXAMPLE.ORG"}, 3)], {}, TODAY, is_email_address)
    assert [line.outcome for line in lines] == [RowOutcome.NEW, RowOutcome.WRONG]
    assert "is in row 2 already" in remark_text(lines[1].remarks[0])


# Bringing in


@pytest.mark.parametrize("kind", ["csv", "utf-16", "xlsx"])
def test_team_is_previewed_confirmed_and_invited(staff: Client, coordinator: User, kind: str) -> None:
    content = {
        "csv": as_csv(PAT, KIM),
        "utf-16": as_csv(PAT, KIM).decode().encode("utf-16"),
        "xlsx": as_xlsx(PAT | {"Designated on": date(2024, 3, 31)}, KIM),
    }[kind]
    assert "Import and invite 2 people" in upload(staff, content)
    assert not Member.objects.exists() and not QueuedMail.objects.exists(), (
        "nothing is written before somebody confirms"
    )
    assert "2 people were added to the roster." in text_of(staff.post("/members/import/confirm/", follow=True))
    pat, kim = Member.objects.order_by("-user__email")
    assert (pat.state, pat.designated_on, pat.designated_by) == ("designated", date(2024, 3, 31), "Sheriff Sam")
    assert (pat.designation_order, pat.term_ends_on, pat.is_supervisor) == ("2024-17", date(2027, 3, 31), True)
    assert Agreement.objects.get().on_paper_on == date(2024, 3, 30)
    assert (kim.state, kim.user.name, kim.kind) == ("in_training", "Kim Kovač", "professional_staff")
    assert set(QueuedMail.objects.values_list("email", flat=True)) == {"pat@example.org", "kim@example.org"}
    assert not any(user.has_usable_password() for user in (pat.user, kim.user))
    assert not eligibility.members_who_can_serve(TODAY).exists(), "nobody has a key yet"
    assert list(Entry.objects.order_by("pk").values_list("action", "by")) == [
        (action, coordinator.pk)
        for action in ("roster_received", "member_imported", "member_imported", "roster_imported")
    ]
    before = list(Member.objects.values()), list(Invitation.objects.values())
    assert "nothing to import" in upload(staff, content)
    staff.post("/members/import/confirm/")
    assert (list(Member.objects.values()), list(Invitation.objects.values())) == before


def test_file_that_cannot_be_read_again_can_be_discarded(staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    upload(staff, as_xlsx(PAT, KIM))
    short = dataclasses.replace(reading.WORKBOOKS, seconds=0.001)  # as if the machine were overloaded
    monkeypatch.setattr(reading, "WORKBOOKS", short)
    page = text_of(staff.get("/members/import/"))
    assert (
        "The file can&#x27;t be read right now." in page
        and "Discard import" in page
        and "nothing to import" not in page
    )
    assert not Member.objects.exists()


def test_all_or_nothing(staff: Client) -> None:
    page = upload(staff, as_csv(PAT, KIM | {"Kind": "?"}))
    assert "Kind: Use one of" in page and "Nothing has been saved." in page
    assert "to be corrected first" in text_of(staff.post("/members/import/confirm/"))
    assert not Member.objects.exists() and RosterImport.objects.exists()
    assert "Import discarded. Nothing was saved." in text_of(staff.post("/members/import/leave/", follow=True))
    assert not RosterImport.objects.exists()
    assert "That file isn&#x27;t here anymore" in text_of(staff.post("/members/import/confirm/"))


def test_imported_member_accepts_and_keeps_the_designation(coordinator: User) -> None:
    roster_import.receive(content=as_csv(PAT), by=coordinator)
    roster_import.confirm(by=coordinator)
    token = invitations.invite(email="pat@example.org", name="Pat Perez", roles=[Role.MEMBER], by=coordinator)
    accepted = invitations.accept_invitation(token=token, password=CAST_PASSWORD)
    member = Member.objects.get()
    assert accepted.recovery_code and member.state == "designated" and member.designated_on == date(2024, 3, 31)
    keys.check_recovery_code(member_id=member.pk, code=accepted.recovery_code, by=member.user)
    keys.confirm_key(key_id=member.current_key.pk, fingerprint=member.current_key.fingerprint, by=coordinator)
    assert list(eligibility.members_who_can_serve(TODAY)) == [member]
    with pytest.raises(Refused, match="already belongs to a member of the team"):
        invitations.invite(email="pat@example.org", name="Pat Perez", roles=[Role.MEMBER], by=coordinator)


def test_member_who_leaves_before_accepting_cannot_accept(coordinator: User) -> None:
    roster_import.receive(content=as_csv(PAT), by=coordinator)
    roster_import.confirm(by=coordinator)
    token = invitations.invite(email="pat@example.org", name="Pat Perez", roles=[Role.MEMBER], by=coordinator)
    pat = Member.objects.get()
    membership.end_membership(member_id=pat.pk, reason=EndReason.LEFT_AGENCY, on=TODAY, by=coordinator)
    with pytest.raises(invitations.InvitationNotFound):
        invitations.accept_invitation(token=token, password=CAST_PASSWORD)
    assert not QueuedMail.objects.exists()


def test_imported_coordinator_keeps_both_roles(coordinator: User) -> None:
    kim = make_user("Kim Kovač", Role.COORDINATOR)
    roster_import.receive(content=as_csv(KIM), by=coordinator)
    roster_import.confirm(by=coordinator)
    kim.refresh_from_db()
    assert kim.roles == {Role.COORDINATOR, Role.MEMBER} and kim.has_usable_password()


def test_former_members_and_operators_are_not_imported(
    staff: Client, ana: Member, operator: User, coordinator: User
) -> None:
    membership.end_membership(member_id=ana.pk, reason=EndReason.OWN_WISH, on=TODAY, by=coordinator)
    page = upload(staff, as_csv(PAT | {"E-mail": ana.user.email}, KIM | {"E-mail": operator.email}))
    assert "has left the team" in page and "runs the server" in page


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"  \r\n", "empty"),
        (as_csv(KIM).decode().encode("iso-8859-2"), "CSV UTF-8"),
        (as_csv(), "no rows below"),
        (b"Name,E-mail\r\nPat,pat@example.org\r\n", "missing the heading “Kind”"),
        (",".join(COLUMNS).encode() + b"\r\n" + ",".join("x" * 300).encode(), "has more than 50 columns"),
        (as_csv(PAT)[:-30] + b',"cut', "cut short"),
        (as_xlsx(PAT)[:900], "cut short"),
        (as_csv(*[KIM] * 2001), "more than 2,000 people"),
    ],
)
def test_unusable_file_is_refused(staff: Client, content: bytes, sentence: str) -> None:
    assert sentence in upload(staff, content)
    assert not RosterImport.objects.exists()


def test_formula_is_named_and_never_evaluated(staff: Client) -> None:
    page = upload(staff, as_xlsx(PAT | {"Name": '=HYPERLINK("http://x")'}))
    assert "Name: This cell has a formula." in page and "=…" in page and "HYPERLINK" not in page


def test_forgotten_file_is_deleted_after_a_week(coordinator: User) -> None:
    roster_import.receive(content=as_csv(PAT), by=coordinator)
    today = timezone.localdate()
    assert [roster_import.discard_old(today=today + timedelta(days=days)) for days in (7, 8)] == [0, 1]


# Taking out


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_template_can_be_imported(staff: Client, kind: str) -> None:
    page = upload(staff, staff.get(f"/members/import/template.{kind}").content)
    assert "Import and invite 1 person" in page and EXAMPLE[1] in page


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_export_imported_again_changes_nothing(staff: Client, ana: Member, ben: Member, kind: str) -> None:
    Member.objects.filter(pk=ana.pk).update(unit="Röntgen, “west”", designation_order="7", term_ends_on="2029-01-15")
    page = upload(staff, staff.get(f"/members/roster.{kind}").content)
    assert "nothing to import" in page and "That stays" not in page


def test_name_that_looks_like_a_formula_stays_text(staff: Client, ana: Member) -> None:
    User.objects.filter(pk=ana.user_id).update(name="=cmd()")
    exported = staff.get("/members/roster.csv").content.decode("utf-8-sig")
    assert [row[1] for row in csv.reader(io.StringIO(exported))] == ["Name", "'=cmd()"]
    cell = load_workbook(io.BytesIO(staff.get("/members/roster.xlsx").content)).active["B2"]
    assert (cell.value, cell.data_type) == ("=cmd()", "s")


def test_files_are_csv_or_xlsx(staff: Client) -> None:
    assert staff.get("/members/roster.exe").status_code == staff.get("/members/import/template.pdf").status_code == 404
