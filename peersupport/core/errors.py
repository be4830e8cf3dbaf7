class Refused(Exception):
    """A rule forbids what was asked for, and nothing was written.

    sentence: for the person who asked. code: for programs and logs, which never get the sentence.
    """

    def __init__(self, sentence: str, code: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
