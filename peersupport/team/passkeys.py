"""Passkeys and security keys (WebAuthn): what a browser is asked for, and checking what it answers.

Bound to the site's own address. What a phone or key says of itself (attestation) is neither asked for nor kept.
"""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings

from .models import User

if TYPE_CHECKING:  # slow to load
    from fido2.server import Fido2Server
    from fido2.webauthn import AttestedCredentialData

# The password came first, so touching the key is enough. "Preferred" fails without a word where verification fails.
VERIFICATION = "discouraged"


def ask_for_new(user: User, existing: Iterable[Authenticator]) -> tuple[dict[str, Any], str]:
    """What the browser is asked when somebody adds a key, and the challenge that its answer has to bear.

    existing: the account's keys, which are excluded: a second one on the same device would replace the first there.
    """
    from fido2.webauthn import PublicKeyCredentialUserEntity, ResidentKeyRequirement, UserVerificationRequirement

    entity = PublicKeyCredentialUserEntity(**get_adapter().get_public_key_credential_user_entity(user))
    options, state = _server().register_begin(
        entity,
        _credentials(existing),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement(VERIFICATION),
    )
    return dict(options), str(state["challenge"])


def suggested_name(user: User) -> str:
    return get_adapter().generate_authenticator_name(user, Authenticator.Type.WEBAUTHN)


def new_key(answer: str, *, challenge: str) -> dict[str, Any] | None:
    """The new key as it is stored; None if the browser's answer (JSON) isn't one to this challenge."""
    from fido2.utils import websafe_encode
    from fido2.webauthn import RegistrationResponse

    try:
        given = RegistrationResponse.from_dict(json.loads(answer))
        _server().register_complete(_state(challenge), given)
        return {
            "id": given.id, "rawId": given.id, "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": websafe_encode(given.response.client_data),
                "attestationObject": websafe_encode(given.response.attestation_object),
            },
        }  # fmt: skip
    except Exception:  # anybody can send anything, and the library raises whatever it stumbles over
        return None


def ask_for(
    existing: Iterable[Authenticator],
    *,
    challenge: str = "",
    verification: str = VERIFICATION,
) -> tuple[dict[str, Any], str]:
    """What the browser is asked, and the challenge; given one, the same again."""
    from fido2.utils import websafe_decode
    from fido2.webauthn import UserVerificationRequirement

    options, state = _server().authenticate_begin(
        _credentials(existing),
        user_verification=UserVerificationRequirement(verification),
        challenge=websafe_decode(challenge) if challenge else None,
    )
    return dict(options), str(state["challenge"])


def is_signed(
    answer: str,
    existing: Iterable[Authenticator],
    *,
    challenge: str,
    verification: str = VERIFICATION,
) -> bool:
    """Whether one of these keys has signed this challenge. answer: of the browser (JSON)."""
    try:
        _server().authenticate_complete(_state(challenge, verification), _credentials(existing), json.loads(answer))
    except Exception:  # as above
        return False
    return True


def as_json(options: dict[str, Any]) -> str:
    """For the page's script."""
    return json.dumps(dict(options["publicKey"]))


def site_origin() -> str:
    """As browsers write it."""
    site = urlsplit(settings.SITE_URL)
    usual = {"https": 443, "http": 80}.get(site.scheme)
    port = "" if site.port in {None, usual} else f":{site.port}"
    return f"{site.scheme}://{site.hostname}{port}"


def _server() -> "Fido2Server":
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    entity = PublicKeyCredentialRpEntity(**get_adapter().get_public_key_credential_rp_entity())
    return Fido2Server(entity, verify_origin=lambda origin: origin == site_origin())


def _state(challenge: str, verification: str = VERIFICATION) -> dict[str, Any]:
    return {"challenge": challenge, "user_verification": verification}


def _credentials(existing: Iterable[Authenticator]) -> list["AttestedCredentialData"]:
    return [key.wrap().authenticator_data.credential_data for key in existing]
