from collections import defaultdict
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from peersupport.audit.remembered import Remembered

from . import queries
from .models import CrisisLine, ProgramSettings, ProgramText
from .presenters import texts
from .presenters.crisis_lines import CardLine, Way, card_lines, top_ways


class ProgramContext:
    """The program as templates see it: every setting by its name, and the parts below.

    Each part is read from the database once for each change of the program's records, and only if a page uses it.
    """

    @cached_property
    def parts(self) -> dict[str, SafeString]:
        """What `{% same_for_all %}` has rendered, by the name of its template."""
        return {}

    @cached_property
    def settings(self) -> ProgramSettings:
        return queries.settings_now()

    @cached_property
    def _crisis_lines(self) -> list[CrisisLine]:
        return queries.crisis_lines()

    @cached_property
    def crisis_lines(self) -> list[CardLine]:
        return card_lines(self._crisis_lines)

    @cached_property
    def top_ways(self) -> list[Way]:
        return top_ways(self._crisis_lines)

    @cached_property
    def is_before_launch(self) -> bool:
        """Whether `/request/` still refuses. Unknown on a page made without the request: then nothing says so."""
        return queries.launched_on() is None

    @cached_property
    def exceptions(self) -> ProgramText:
        return queries.current_text(queries.EXCEPTIONS)

    @cached_property
    def exceptions_approval(self) -> str:
        return texts.approval(self.exceptions)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.settings, name)


# In each language; what a page uses is read then.
_remembered = Remembered[dict[str | None, ProgramContext]](lambda now: defaultdict(ProgramContext))


def program(request: HttpRequest) -> dict[str, object]:
    """`program` on every page: `program.agency`, `program.crisis_lines` and the rest, read when first used."""
    return {"program": SimpleLazyObject(lambda: _remembered.at(timezone.now())[get_language()])}
