"""The support plane. A row reveals nothing: a random id, a key id, a lookup tag, and sealed bytes of one size."""

from .consultations import Consultation
from .intake import ArrivalCount, SubmittedForm, TelephoneOnly
from .leftovers import ClosingNote, PendingTally
from .matching import MatchingPreferences
from .requests import Message, PlaneKey, Request
from .settings import RequestSettings

__all__ = [
    "ArrivalCount",
    "ClosingNote",
    "Consultation",
    "MatchingPreferences",
    "Message",
    "PendingTally",
    "PlaneKey",
    "Request",
    "RequestSettings",
    "SubmittedForm",
    "TelephoneOnly",
]
