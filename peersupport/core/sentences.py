"""Marks sentences for translation where nothing of Django may be imported. Pure."""


def gettext_noop(sentence: str) -> str:
    """The sentence itself, in English. `makemessages` collects it; whoever shows it translates it."""
    return sentence
