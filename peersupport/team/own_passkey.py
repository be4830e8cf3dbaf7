"""A passkey in place of the password, where somebody who is signed in is asked who they are.

The challenge is signed, with its time and for one sign-in, and comes back inside the answer: kept in the session, it
would write the session's row, which nothing writes after the sign-in.
"""

import json
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.core import signing
from django.utils import timezone
from django.utils.crypto import get_random_string

from . import passkeys
from .actions import factors
from .models import User

ANSWERED_WITHIN = timedelta(minutes=15)
# By finger, face or PIN: whoever holds the device could press a button.
VERIFICATION = "required"


def options(user: User, sign_in: str) -> str:
    """What the browser's `navigator.credentials.get` needs, as JSON; empty for somebody without a passkey."""
    existing = _passkeys_of(user)
    if not existing:
        return ""
    from fido2.utils import websafe_encode  # slow to load

    challenge = websafe_encode(_signer(user, sign_in).sign(get_random_string(22)).encode())
    asked, _challenge = passkeys.ask_for(existing, challenge=challenge, verification=VERIFICATION)
    return passkeys.as_json(asked)


def is_answered(user: User, sign_in: str, answer: str) -> bool:
    """Whether one of this person's passkeys has signed a challenge of this sign-in, a short while ago. Counts once."""
    from fido2.utils import websafe_encode  # slow to load
    from fido2.webauthn import AuthenticationResponse

    try:
        challenge = AuthenticationResponse.from_dict(json.loads(answer)).response.client_data.challenge
        _signer(user, sign_in).unsign(challenge.decode(), max_age=ANSWERED_WITHIN)
    except Exception:  # anybody can send anything, and the library raises whatever it stumbles over
        return False
    asked = websafe_encode(challenge)
    is_signed = passkeys.is_signed(answer, _passkeys_of(user), challenge=asked, verification=VERIFICATION)
    return is_signed and factors.use_challenge(challenge=asked, now=timezone.now())


def _passkeys_of(user: User) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.WEBAUTHN))


def _signer(user: User, sign_in: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"peersupport.team:passkey:{user.pk}:{user.session_generation}:{sign_in}")
