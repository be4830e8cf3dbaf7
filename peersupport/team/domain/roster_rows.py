"""What a row of a roster file says, and what would become of it. Pure: the people on record and today are arguments."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto

from peersupport.core.errors import Refused
from peersupport.core.sentences import gettext_noop as _
from peersupport.core.spreadsheet.cells import RowOutcome, optional_text, parse_day, required_text
from peersupport.core.spreadsheet.preview import PreviewRow, cells_in_order, mark_duplicates
from peersupport.core.spreadsheet.reading import SheetRow

from .states import MEMBER_KIND_LABELS, MemberKind


class Column(StrEnum):
    """The headings of a roster file: a format, the same in every language. Their names spell them."""

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[str]) -> str:
        return name.replace("_", " ").capitalize()

    E_MAIL = "E-mail"
    NAME = auto()
    KIND = auto()
    UNIT = auto()
    AGENCY = auto()
    SUPERVISOR = auto()
    DESIGNATED_ON = auto()
    DESIGNATED_BY = auto()
    ORDER = auto()
    TERM_ENDS_ON = auto()
    AGREEMENT_SIGNED_ON = auto()
    # Of the export alone.
    STATE = auto()
    LEAVE_FROM = auto()
    LEAVE_UNTIL = auto()
    ENDED_ON = auto()
    WHY_IT_ENDED = auto()


EXPORTED = tuple(column.value for column in Column)
COLUMNS = EXPORTED[: EXPORTED.index(Column.STATE)]
EXAMPLE = (
    "name@example.org", _("Pat Example"), "Sworn", "Patrol", "", "no",
    "2024-03-31", _("Sheriff Example"), "2024-17", "2027-03-31", "2024-03-30",
)  # fmt: skip
MAX_PEOPLE = 2_000
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 1, 1)
YES_OR_NO = {"yes": True, "no": False, "": False}
KINDS = {name.casefold(): kind for kind in MemberKind for name in (kind.value, MEMBER_KIND_LABELS[kind])}
# The columns that are compared for a member who is on the roster already.
ON_RECORD = (Column.DESIGNATED_ON, Column.DESIGNATED_BY, Column.ORDER, Column.TERM_ENDS_ON, Column.AGREEMENT_SIGNED_ON)


class RosterRow(PreviewRow):
    @property
    def name(self) -> str:
        return self.cells[Column.NAME]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Its cells without the name, which stands before them on the page."""
        return cells_in_order(self.cells, [column for column in COLUMNS if column != Column.NAME])


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
        key=lambda row: row.values.get(Column.E_MAIL),
        column=Column.E_MAIL,
        sentence=_("This person is in row %(row)s already. Please remove one."),
        first_rows={},
    )
    for row in roster:
        if Column.E_MAIL in row.values:
            _compare(row, people.get(row.values[Column.E_MAIL], KnownPerson()))
    return roster


def _checked(row: RosterRow) -> RosterRow:
    """Cells that do not fit together become errors."""
    designated_on, term_ends_on = row.values.get(Column.DESIGNATED_ON), row.values.get(Column.TERM_ENDS_ON)
    if not row.cells[Column.DESIGNATED_ON]:
        for column in (Column.DESIGNATED_BY, Column.ORDER, Column.TERM_ENDS_ON):
            if row.cells[column]:
                row.add_error(
                    Column.DESIGNATED_ON,
                    _("“%(heading)s” is filled in, so this cell needs the day."),
                    heading=column,
                )
                break
    elif not row.cells[Column.DESIGNATED_BY]:
        row.add_error(Column.DESIGNATED_BY, _("Please write who designated them."))
    if isinstance(designated_on, date) and isinstance(term_ends_on, date) and term_ends_on <= designated_on:
        row.add_error(Column.TERM_ENDS_ON, _("The term has to end after the designation."))
    return row


def _compare(row: RosterRow, person: KnownPerson) -> None:
    """With what the program knows of this person already."""
    if person.is_operator:
        row.add_error(Column.E_MAIL, _("This person runs the server, so they can't be a member too."))
    elif person.has_left:
        row.add_error(Column.E_MAIL, _("This person has left the team. Please invite them again instead."))
    elif person.on_record is not None and not row.is_wrong:
        row.outcome = RowOutcome.KNOWN
        for column in ON_RECORD:
            current = person.on_record[column]
            if row.values[column] not in (current, "", None):
                if current:
                    row.add_remark(column, _("The roster has %(current)s. That stays."), current=current)
                else:
                    row.add_remark(column, _("The roster has nothing here. That stays."))


def _parsers(today: date, is_email_address: Callable[[str], bool]) -> dict[str, Callable[[str], object]]:
    return {
        Column.E_MAIL: lambda text: _address(text, is_email_address),
        Column.NAME: lambda text: _at_most(required_text(text), 120),
        Column.KIND: lambda text: _choice(required_text(text), KINDS, ", ".join(MEMBER_KIND_LABELS.values())),
        Column.UNIT: lambda text: _at_most(text, 80),
        Column.AGENCY: lambda text: _at_most(text, 120),
        Column.SUPERVISOR: lambda text: _choice(text, YES_OR_NO, "yes, no"),
        Column.DESIGNATED_ON: lambda text: _day(text, today),
        Column.DESIGNATED_BY: lambda text: _at_most(text, 120),
        Column.ORDER: lambda text: _at_most(text, 60),
        Column.TERM_ENDS_ON: lambda text: _day(text, LATEST),
        Column.AGREEMENT_SIGNED_ON: lambda text: _day(text, today),
    }


def _address(text: str, is_email_address: Callable[[str], bool]) -> str:
    address = required_text(text).lower()
    if not is_email_address(address):
        raise Refused(_("This isn't an e-mail address."))
    return address


def _at_most(text: str, letters: int) -> str:
    if len(optional_text(text)) > letters:
        raise Refused(_("At most %(letters)s characters."), letters=letters)
    return text


def _choice(text: str, choices: Mapping[str, object], listed: str) -> object:
    choice = choices.get(optional_text(text).casefold())
    if choice is None:
        raise Refused(_("Use one of these: %(listed)s."), listed=listed)
    return choice


def _day(text: str, latest: date) -> date | None:
    if not optional_text(text):
        return None
    day = parse_day(text)
    if not EARLIEST <= day <= LATEST:
        raise Refused(_("Please check the year."))
    if day > latest:
        raise Refused(_("This day hasn't come yet."))
    return day
