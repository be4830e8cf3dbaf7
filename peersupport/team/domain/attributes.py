"""What is recorded of a member, and what members may say of themselves so that an officer can ask for it. Pure."""

from enum import StrEnum
from typing import TypedDict

from peersupport.core.sentences import gettext_noop as _

from .states import MemberKind


class Language(StrEnum):
    """Languages besides English, which every member speaks."""

    SPANISH = "es"
    VIETNAMESE = "vi"
    CHINESE = "zh"
    TAGALOG = "tl"
    KOREAN = "ko"
    ARABIC = "ar"
    FRENCH = "fr"
    GERMAN = "de"
    HINDI = "hi"
    POLISH = "pl"
    PORTUGUESE = "pt"
    RUSSIAN = "ru"
    URDU = "ur"
    SIGN = "ase"


LANGUAGE_LABELS: dict[Language, str] = {
    Language.SPANISH: _("Spanish"),
    Language.VIETNAMESE: _("Vietnamese"),
    Language.CHINESE: _("Chinese"),
    Language.TAGALOG: _("Tagalog"),
    Language.KOREAN: _("Korean"),
    Language.ARABIC: _("Arabic"),
    Language.FRENCH: _("French"),
    Language.GERMAN: _("German"),
    Language.HINDI: _("Hindi"),
    Language.POLISH: _("Polish"),
    Language.PORTUGUESE: _("Portuguese"),
    Language.RUSSIAN: _("Russian"),
    Language.URDU: _("Urdu"),
    Language.SIGN: _("American Sign Language"),
}


class Gender(StrEnum):
    """Each member's own choice to say or not."""

    WOMAN = "woman"
    MAN = "man"
    NONBINARY = "nonbinary"


GENDER_LABELS: dict[Gender, str] = {
    Gender.WOMAN: _("Woman"),
    Gender.MAN: _("Man"),
    Gender.NONBINARY: _("Non-binary"),
}


class MemberFields(TypedDict, total=False):
    """What the coordinator records of a member."""

    kind: MemberKind
    agency: str
    unit: str
    is_supervisor: bool


class ProfileFields(TypedDict, total=False):
    """What members say of themselves. languages: codes of Language. gender: a code of Gender, or empty."""

    about: str
    unit: str
    languages: list[str]
    gender: str
    cap: int
    is_asked_by_name: bool
