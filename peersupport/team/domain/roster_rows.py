"""What a row of a roster file says, and what would become of it. Pure: the people on record and today are arguments."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from peersupport.core.errors import Refused
from peersupport.core.sentences import gettext_noop as _
from peersupport.core.spreadsheet.cells import RowOutcome, displayed, optional_text, parse_day, required_text
from peersupport.core.spreadsheet.preview import PreviewRow, mark_duplicates, shown_cells
from peersupport.core.spreadsheet.reading import SheetRow

from .states import MEMBER_KIND_LABELS, MemberKind

COLUMNS = (
    "E-mail", "Name", "Kind", "Unit", "Agency", "Supervisor",
    _("Designated on"), _("Designated by"), "Order", _("Term ends on"), _("Agreement signed on"),
)  # fmt: skip
EXAMPLE = (
    "name@example.org", _("Pat Example"), "Sworn", "Patrol", "", "no",
    "2024-03-31", _("Sheriff Example"), "2024-17", "2027-03-31", "2024-03-30",
)  # fmt: skip
MAX_PEOPLE = 2_000
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 1, 1)
YES_OR_NO = {"yes": True, "no": False, "": False}
KINDS = {name.casefold(): kind for kind in MemberKind for name in (kind.value, MEMBER_KIND_LABELS[kind])}
# The columns that are compared for a member who is on the roster already.
ON_RECORD = (_("Designated on"), _("Designated by"), "Order", _("Term ends on"), _("Agreement signed on"))


class RosterRow(PreviewRow):
    @property
    def name(self) -> str:
        return displayed(self.cells["Name"])

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Its cells without the name, which stands before them on the page."""
        return shown_cells(self.cells, [column for column in COLUMNS if column != "Name"])


@dataclass(frozen=True)
class KnownPerson:
    """Somebody with an account. on_record: what the roster says of a member, by column; None for anybody else."""

    on_record: Mapping[str, object] | None = None
    has_left: bool = False
    is_operator: bool = False


def plan(
    rows: Sequence[SheetRow], people: Mapping[str, KnownPerson], today: date, is_email_address: Callable[[str], bool]
) -> list[RosterRow]:
    """What would become of each row.

    people: by e-mail in lower case. is_email_address: whether a text is an e-mail address.
    """
    columns = _parsers(today, is_email_address)
    roster = [_checked(RosterRow.parse(row, columns)) for row in rows]
    mark_duplicates(
        roster,
        key=lambda row: row.values.get("E-mail"),
        column="E-mail",
        sentence=_("This person stands in row {row} already. Please remove one."),
        first_rows={},
    )
    for row in roster:
        if "E-mail" in row.values:
            _compare(row, people.get(row.values["E-mail"], KnownPerson()))
    return roster


def _checked(row: RosterRow) -> RosterRow:
    """Cells that do not fit together become errors."""
    designated_on, term_ends_on = row.values.get(_("Designated on")), row.values.get(_("Term ends on"))
    if not row.cells["Designated on"]:
        for column in (_("Designated by"), "Order", _("Term ends on")):
            if row.cells[column]:
                row.add_error(_("Designated on"), f"“{column}” is filled, so this cell needs the day.")
                break
    elif not row.cells["Designated by"]:
        row.add_error(_("Designated by"), _("Please write who designated them."))
    if isinstance(designated_on, date) and isinstance(term_ends_on, date) and term_ends_on <= designated_on:
        row.add_error(_("Term ends on"), _("A term ends after the designation."))
    return row


def _compare(row: RosterRow, person: KnownPerson) -> None:
    """With what the program knows of this person already."""
    if person.is_operator:
        row.add_error("E-mail", _("This person runs the server, and cannot be a member beside it."))
    elif person.has_left:
        row.add_error("E-mail", _("This person has left the team. Please invite them again instead."))
    elif person.on_record is not None and not row.is_wrong:
        row.outcome = RowOutcome.KNOWN
        for column in ON_RECORD:
            current = person.on_record[column]
            if row.values[column] not in (current, "", None):
                unchanged = f"On record as {current}, which stays." if current else _("Not on record, and stays so.")
                row.add_remark(column, unchanged)


def _parsers(today: date, is_email_address: Callable[[str], bool]) -> dict[str, Callable[[str], object]]:
    return {
        "E-mail": lambda text: _address(text, is_email_address),
        "Name": lambda text: _at_most(required_text(text), 120),
        "Kind": lambda text: _choice(required_text(text), KINDS, ", ".join(MEMBER_KIND_LABELS.values())),
        "Unit": lambda text: _at_most(text, 80),
        "Agency": lambda text: _at_most(text, 120),
        "Supervisor": lambda text: _choice(text, YES_OR_NO, "yes, no"),
        "Designated on": lambda text: _day(text, today),
        "Designated by": lambda text: _at_most(text, 120),
        "Order": lambda text: _at_most(text, 60),
        "Term ends on": lambda text: _day(text, LATEST),
        "Agreement signed on": lambda text: _day(text, today),
    }


def _address(text: str, is_email_address: Callable[[str], bool]) -> str:
    address = required_text(text).lower()
    if not is_email_address(address):
        raise Refused(_("This is no e-mail address."))
    return address


def _at_most(text: str, letters: int) -> str:
    if len(optional_text(text)) > letters:
        raise Refused(f"At most {letters} characters.")
    return text


def _choice(text: str, choices: Mapping[str, object], listed: str) -> object:
    choice = choices.get(optional_text(text).casefold())
    if choice is None:
        raise Refused(f"Please write one of: {listed}.")
    return choice


def _day(text: str, latest: date) -> date | None:
    if not optional_text(text):
        return None
    day = parse_day(text)
    if not EARLIEST <= day <= latest:
        raise Refused(_("Please look at the day again."))
    return day
