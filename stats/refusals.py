"""What the room of statistics says no to, in words that a person can be shown."""


class Refused(Exception):
    """Nothing was changed. `code` is for programs and logs, `sentence` for the person who asked."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
