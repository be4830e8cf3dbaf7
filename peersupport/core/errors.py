class Refused(Exception):
    """A rule says no, and nothing was written.

    sentence: what to show the person who asked. code: what programs and logs may say instead.
    """

    def __init__(self, sentence: str, code: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
