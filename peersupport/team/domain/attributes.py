"""What a member may say of themselves and an officer may ask for. Closed lists, each member's own choice."""

from enum import StrEnum


class Language(StrEnum):
    """Besides English, which everybody here speaks."""

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
    Language.SPANISH: "Spanish",
    Language.VIETNAMESE: "Vietnamese",
    Language.CHINESE: "Chinese",
    Language.TAGALOG: "Tagalog",
    Language.KOREAN: "Korean",
    Language.ARABIC: "Arabic",
    Language.FRENCH: "French",
    Language.GERMAN: "German",
    Language.HINDI: "Hindi",
    Language.POLISH: "Polish",
    Language.PORTUGUESE: "Portuguese",
    Language.RUSSIAN: "Russian",
    Language.URDU: "Urdu",
    Language.SIGN: "American Sign Language",
}


class Gender(StrEnum):
    WOMAN = "woman"
    MAN = "man"
    NONBINARY = "nonbinary"


GENDER_LABELS: dict[Gender, str] = {
    Gender.WOMAN: "Woman",
    Gender.MAN: "Man",
    Gender.NONBINARY: "Non-binary",
}
