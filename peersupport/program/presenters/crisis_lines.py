"""The crisis lines as pages and papers print them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from ..models import CrisisLine


@dataclass(frozen=True)
class Way:
    """A number to call or to text, as a link. is_second: it belongs to the second line of the crisis card."""

    label: str
    link: str
    is_second: bool = False


@dataclass(frozen=True)
class CardLine:
    """One line of the crisis card."""

    name: str
    description: str
    ways: tuple[Way, ...]


def card_lines(lines: Iterable["CrisisLine"]) -> list[CardLine]:
    """All lines, for the card."""
    return [CardLine(line.name, line.description, tuple(_ways(line))) for line in lines]


def top_ways(lines: Iterable["CrisisLine"]) -> list[Way]:
    """The first two lines, for the top of every public page: all ways of the first, and one of the second, by name."""
    first, second = [*lines, None, None][:2]
    ways = list(_ways(first)) if first else []
    if second:
        link = second.call_link if second.call else second.text_link
        ways.append(Way(f"{second.name} {second.call or second.text_to}", link, is_second=True))
    return ways


def ways_on_paper(line: "CrisisLine") -> str:
    """Both ways of a line in one row: "call 988, text 988"."""
    numbers = {"call": line.call, "word": line.text_body, "text": line.text_to}
    if not line.text_to:
        return _("call %(call)s") % numbers
    if line.call and line.text_body:
        return _("call %(call)s, text %(word)s to %(text)s") % numbers
    if line.call:
        return _("call %(call)s, text %(text)s") % numbers
    return _("text %(word)s to %(text)s") % numbers if line.text_body else _("text %(text)s") % numbers


def _ways(line: "CrisisLine") -> Iterator[Way]:
    if line.call:
        yield Way(_("Call %(number)s") % {"number": line.call}, line.call_link)
    if line.text_to and line.text_body:
        label = _("Text %(word)s to %(number)s") % {"word": line.text_body, "number": line.text_to}
        yield Way(label, line.text_link)
    elif line.text_to:
        yield Way(_("Text %(number)s") % {"number": line.text_to}, line.text_link)
