"""A passkey in software: what a phone's does, with its own key and its own word for whether it knew the person."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from peersupport.team.models import User

HERE = "testserver"


@dataclass
class Passkey:
    """knows_person: whether it has recognized who holds it. origin: the page that asks, as the browser says it."""

    knows_person: bool = True
    origin: str = f"http://{HERE}"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def flags(self) -> AuthenticatorData.FLAG:
        return AuthenticatorData.FLAG.UP | (AuthenticatorData.FLAG.UV if self.knows_person else 0)

    def enroll(self, user: User) -> "Passkey":
        """As if this person had added it before."""
        credential = AttestedCredentialData.create(
            b"\0" * 16, self.id, ES256.from_cryptography_key(self.key.public_key())
        )
        data = AuthenticatorData.create(_rp(), self.flags | AuthenticatorData.FLAG.AT, 0, credential)
        made = {
            "clientDataJSON": websafe_encode(CollectedClientData.create("webauthn.create", b"c" * 16, self.origin)),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        }
        stored = {"name": "phone", "credential": self._answer(made)}
        Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=stored)
        return self

    def answer(self, options: str) -> str:
        """What the page's script sends for these options."""
        challenge = json.loads(options)["challenge"]
        asked = CollectedClientData.create("webauthn.get", challenge, self.origin)
        data = AuthenticatorData.create(_rp(), self.flags, 1)
        signed = {
            "clientDataJSON": websafe_encode(asked),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(self.key.sign(data + asked.hash, ec.ECDSA(hashes.SHA256()))),
        }
        return json.dumps(self._answer(signed))

    def _answer(self, response: dict[str, str]) -> dict[str, object]:
        name = websafe_encode(self.id)
        return {"id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {}, "response": response}


def _rp() -> bytes:
    return hashlib.sha256(HERE.encode()).digest()
