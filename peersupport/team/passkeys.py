"""A passkey in place of the password, where somebody who is signed in is asked who they are.

The library keeps the challenge in the session, whose row nothing writes after the sign-in. Here the challenge itself
is signed, with its time and for one sign-in, and comes back inside the answer.
"""

import json
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core import signing
from django.utils.crypto import get_random_string
from fido2.utils import websafe_encode
from fido2.webauthn import AuthenticationResponse, UserVerificationRequirement

from .models import User

ANSWERED_WITHIN = timedelta(minutes=15)


def has_passkey(user: User) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.WEBAUTHN).exists()


def options(user: User, sign_in: str) -> str:
    """What the browser's `navigator.credentials.get` needs, as JSON; empty for somebody without a passkey.

    The device has to have recognized the person, by finger, face or PIN: whoever holds it could press a button.
    """
    if not has_passkey(user):
        return ""
    challenge = _signer(user, sign_in).sign(get_random_string(22)).encode()
    request_options, _state = auth.get_server().authenticate_begin(
        auth.get_credentials(user), UserVerificationRequirement.REQUIRED, challenge
    )
    return json.dumps(dict(request_options)["publicKey"])


def is_answered(user: User, sign_in: str, answer: str) -> bool:
    """Whether one of this person's passkeys has signed a challenge of this sign-in, a short while ago."""
    try:
        response: dict[str, Any] = json.loads(answer)
        challenge = AuthenticationResponse.from_dict(response).response.client_data.challenge
        _signer(user, sign_in).unsign(challenge.decode(), max_age=ANSWERED_WITHIN)
        state = {"challenge": websafe_encode(challenge), "user_verification": UserVerificationRequirement.REQUIRED}
        auth.get_server().authenticate_complete(state, auth.get_credentials(user), response)
    except (ValueError, TypeError, KeyError, AttributeError, signing.BadSignature):
        return False
    return True


def _signer(user: User, sign_in: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"peersupport.team:passkey:{user.pk}:{user.session_generation}:{sign_in}")
