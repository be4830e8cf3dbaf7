"""What several pages of the team have: notes at the top, and rows with a link."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """What is so, what follows from it, and a link to where it is dealt with; no link where href is empty."""

    fact: str
    rest: str = ""
    href: str = ""
    link: str = ""


@dataclass(frozen=True)
class Row:
    """A line of a list with a link. about: what the link is about, for somebody who only hears it."""

    label: str
    detail: str
    href: str
    link: str
    about: str = ""
