"""What arrives at the running program, told to this installation's own doctor and to nobody else.

The doctor calls the site by its public address, through whatever stands in front, with a mark that only this
installation can make. Everybody else gets from /healthz what they always get.
"""

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest

from peersupport.core import release

HEADER = "Peer-Support-Doctor"
MAX_AGE_SECONDS = 60
_WORD = "arrival"


def proof() -> str:
    return _signer().sign(_WORD)


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="operations.doctor.arrival")


def told(request: HttpRequest) -> dict[str, dict[str, str | int]]:
    """What to add to the answer; nothing unless the doctor asks."""
    try:
        is_ours = _signer().unsign(request.headers.get(HEADER, ""), max_age=MAX_AGE_SECONDS) == _WORD
    except BadSignature:
        is_ours = False
    if not is_ours:
        return {}
    entries = [entry for entry in request.headers.get("X-Forwarded-For", "").split(",") if entry.strip()]
    return {
        "arrived": {
            "scheme": request.scheme or "",
            "host": request.get_host(),
            "forwarded": len(entries),
            "expected": getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0),
            "origin": request.headers.get("Origin", ""),
            "fetch_site": request.headers.get("Sec-Fetch-Site", ""),
            "version": release.version(),
            "fingerprint": release.fingerprint(),
        }
    }
