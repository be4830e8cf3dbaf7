import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext

from .domain import defaults
from .domain.clock import Seen
from .domain.program_word import matches_program_word
from .models import ClockSeen, CrisisLine, CrisisLinesConfirmation, Launch, LaunchPaper, ProgramSettings, ProgramText

EXCEPTIONS = ProgramText.Name.EXCEPTIONS
AGREEMENT = ProgramText.Name.AGREEMENT
DUTY_TO_REPORT = ProgramText.Name.DUTY_TO_REPORT
CONFIRMATION_LASTS = timedelta(days=365)


def settings_now() -> ProgramSettings:
    """The program's settings; its defaults where nobody has set anything yet."""
    saved = ProgramSettings.objects.filter(pk=1).first()
    return saved or ProgramSettings(pk=1, agency=gettext(defaults.AGENCY), name=gettext(defaults.NAME))


def can_see_team_names(typed: str, word: str | None = None) -> bool:
    """Whether `typed` is the program word, which opens the team's names. True where the program has none.

    word: the program's, where it has been read already.
    """
    word = settings_now().program_word if word is None else word
    return not word or matches_program_word(typed, word)


def crisis_lines() -> list[CrisisLine]:
    """The lines of the crisis card in order; the built-in ones until somebody sets others, so never empty."""
    return list(CrisisLine.objects.all()) or [
        CrisisLine(
            order=order,
            name=gettext(line.name),
            description=gettext(line.description),
            call=line.call,
            text_to=line.text_to,
            text_body=line.text_body,
        )
        for order, line in enumerate(defaults.CRISIS_LINES, start=1)
    ]


def built_in_text(name: str) -> ProgramText:
    """Version 0: the built-in wording, which nobody has approved."""
    return ProgramText(name=name, version=0, body=gettext(defaults.TEXTS[name]))


def current_text(name: str) -> ProgramText:
    """The wording that applies: the newest approved one, or else the built-in one (version 0)."""
    approved = ProgramText.objects.filter(name=name, approved_on__isnull=False)
    return approved.order_by("-version").first() or built_in_text(name)


def wordings(name: str) -> list[ProgramText]:
    """Every wording of this text, newest first, and the built-in one unless it was approved just as it is."""
    written = list(
        ProgramText.objects.filter(name=name).select_related("written_by", "approved_by").order_by("-version")
    )
    built_in = built_in_text(name)
    is_approved = any(text.written_by_id is None and text.body == built_in.body for text in written)
    return written if is_approved else [*written, built_in]


@dataclass(frozen=True)
class TextStatus:
    """One of the program's texts: its newest wording, and the one that applies."""

    newest: ProgramText
    current: ProgramText

    @property
    def awaits_approval(self) -> bool:
        return self.newest.version != self.current.version


def texts_now() -> list[TextStatus]:
    """Each of the program's texts, in the order of their names in the model."""
    written = list(ProgramText.objects.defer("body").order_by("-version"))
    texts = []
    for name in ProgramText.Name:
        versions = [*(text for text in written if text.name == name), built_in_text(name)]
        texts.append(TextStatus(versions[0], next(text for text in versions if text.approved_on or not text.version)))
    return texts


def count_unapproved_texts() -> int:
    """How many of the program's texts still have their built-in wording."""
    return sum(not text.current.version for text in texts_now())


def crisis_lines_digest() -> str:
    """A hash of what a confirmation is about: the numbers, not the descriptions beside them."""
    numbers = [(line.call, line.text_to, line.text_body) for line in crisis_lines()]
    return hashlib.sha256(json.dumps(numbers).encode()).hexdigest()


def crisis_lines_confirmed_on() -> date | None:
    """When somebody last called every number; None if a number has changed since."""
    confirmation = CrisisLinesConfirmation.objects.filter(pk=1, lines_digest=crisis_lines_digest()).first()
    return confirmation.confirmed_on if confirmation else None


def are_crisis_lines_confirmed(today: date) -> bool:
    """Whether somebody has called every number within a year."""
    confirmed_on = crisis_lines_confirmed_on()
    return confirmed_on is not None and today - confirmed_on < CONFIRMATION_LASTS


def papers_confirmed() -> dict[str, date]:
    """By code, the day the coordinator confirmed a paper of the launch."""
    return dict(LaunchPaper.objects.values_list("code", "confirmed_on"))


def launched_on() -> date | None:
    """Since when officers can ask for support; None before the launch."""
    return Launch.objects.filter(pk=1).values_list("launched_on", flat=True).first()


def clock_seen() -> Seen | None:
    """What the rounds have seen of the clock; None before the first."""
    row = ClockSeen.objects.filter(pk=1).first()
    return Seen(row.seen_at, row.steady_since) if row else None


def is_clock_steady(now: datetime) -> bool:
    """Whether what is kept for a time may go: not within a day after the clock has jumped."""
    seen = clock_seen()
    return seen is None or seen.is_steady(now)
