class Refused(Exception):
    """A rule forbids what was asked for, and nothing was written.

    sentence: for the person who asked, by `translation.refusal_text`; marked with `gettext_noop` in a pure module,
    already translated elsewhere. values: what its named placeholders stand for. code: for programs and logs, which
    never get the sentence.
    """

    def __init__(self, sentence: str, code: str = "", **values: object) -> None:
        super().__init__(sentence % values if values else sentence)
        self.sentence = sentence
        self.code = code
        self.values = values
