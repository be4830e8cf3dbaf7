class Refused(Exception):
    """A rule says no; nothing was written. The text is the sentence to show."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
