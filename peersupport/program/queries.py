import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from .domain import defaults
from .domain.program_word import is_the_word
from .models import CrisisLine, CrisisLinesConfirmation, Launch, ProgramSettings, ProgramText

EXCEPTIONS = ProgramText.Name.EXCEPTIONS
AGREEMENT = ProgramText.Name.AGREEMENT
DUTY_TO_REPORT = ProgramText.Name.DUTY_TO_REPORT
CONFIRMED_FOR = timedelta(days=365)


def settings_now() -> ProgramSettings:
    """The program's settings; its defaults where nobody has set anything yet."""
    return ProgramSettings.objects.filter(pk=1).first() or ProgramSettings(pk=1)


def opens_the_names(typed: str) -> bool:
    """Whether somebody who typed this may read who is on the team; everybody may where the program has no word."""
    word = settings_now().program_word
    return not word or is_the_word(typed, word)


def crisis_lines() -> list[CrisisLine]:
    """The lines of the crisis card in their order. Never empty."""
    names = ("name", "words", "call", "text_to", "text_body")
    return list(CrisisLine.objects.all()) or [
        CrisisLine(order=order, **dict(zip(names, line, strict=True)))
        for order, line in enumerate(defaults.CRISIS_LINES, start=1)
    ]


def _as_it_came(name: str) -> ProgramText:
    """Version 0: the wording that the program brings along, which nobody has approved yet."""
    return ProgramText(name=name, version=0, body=defaults.TEXTS[name])


def standing_text(name: str = EXCEPTIONS) -> ProgramText:
    """What holds: the newest approved wording, or the one the program came with."""
    approved = ProgramText.objects.filter(name=name, approved_on__isnull=False)
    return approved.order_by("-version").first() or _as_it_came(name)


def wordings(name: str = EXCEPTIONS) -> list[ProgramText]:
    """Every wording, the newest first; the last is the one the program came with."""
    written = ProgramText.objects.filter(name=name).select_related("written_by", "approved_by")
    return [*written.order_by("-version"), _as_it_came(name)]


@dataclass(frozen=True)
class TextNow:
    """One of the program's texts: its newest wording, and the one that holds."""

    newest: ProgramText
    standing: ProgramText

    @property
    def waits(self) -> bool:
        return self.newest.version != self.standing.version


def texts_now() -> list[TextNow]:
    """Each of the program's texts, in the order of their names in the model."""
    written = list(ProgramText.objects.defer("body").order_by("-version"))
    found = []
    for name in ProgramText.Name:
        of_it = [*(text for text in written if text.name == name), _as_it_came(name)]
        found.append(TextNow(of_it[0], next(text for text in of_it if text.approved_on or not text.version)))
    return found


def count_unapproved_texts() -> int:
    """How many of the program's texts still have the wording that the program brought along."""
    return sum(not text.standing.version for text in texts_now())


def lines_digest() -> str:
    """What was confirmed: the very numbers, and not the words beside them."""
    numbers = [(line.call, line.text_to, line.text_body) for line in crisis_lines()]
    return hashlib.sha256(json.dumps(numbers).encode()).hexdigest()


def lines_confirmed_on() -> date | None:
    """The day on which somebody called the numbers as they are now."""
    found = CrisisLinesConfirmation.objects.filter(pk=1, lines_digest=lines_digest()).first()
    return found.confirmed_on if found else None


def are_lines_confirmed(today: date) -> bool:
    """Whether somebody has called them within a year."""
    confirmed_on = lines_confirmed_on()
    return confirmed_on is not None and today - confirmed_on < CONFIRMED_FOR


def opened_on() -> date | None:
    """Since when somebody can ask for support; None while the program is being made ready."""
    return Launch.objects.filter(pk=1).values_list("opened_on", flat=True).first()


class ProgramForPages:
    """What every page may say of the program. Each part is read once, and only if a page says it."""

    @cached_property
    def settings(self) -> ProgramSettings:
        return settings_now()

    @cached_property
    def crisis_lines(self) -> list[CrisisLine]:
        return crisis_lines()

    @cached_property
    def exceptions(self) -> ProgramText:
        return standing_text()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.settings, name)
