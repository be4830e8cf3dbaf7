from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Refused(Exception):
    """A rule forbids what was asked for, and nothing was written.

    sentence: for the person who asked, by `translation.refusal_text`; marked with `gettext_noop` in a pure module,
    already translated elsewhere. values: what its named placeholders stand for. code: for programs and logs, which
    never get the sentence.
    """

    def __init__(self, sentence: "StrOrPromise", code: str = "", **values: object) -> None:
        self.sentence = str(sentence)
        super().__init__(self.sentence % values if values else self.sentence)
        self.code = code
        self.values = values
