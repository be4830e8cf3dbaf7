"""A passkey in software: what a phone's does, with its own key and its own word for whether it knew the person."""

import json
import secrets
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from peersupport.team import passkeys
from peersupport.team.models import User

FLAG = AuthenticatorData.FLAG


@dataclass
class Passkey:
    """knows_person: whether it has recognized who holds it. origin: the page that asks, as the browser says it."""

    knows_person: bool = True
    origin: str = field(default_factory=lambda: settings.SITE_URL)
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def enroll(self, user: User, name: str = "My phone") -> "Passkey":
        """As if this person had added it before, on the site's own page."""
        challenge = websafe_encode(secrets.token_bytes(32))
        stored = passkeys.new_key(replace(self, origin=settings.SITE_URL).made(challenge), challenge=challenge)
        assert stored is not None
        data = {"name": name, "credential": stored}
        Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)
        return self

    def made(self, challenge: str) -> str:
        """What the page's script sends when somebody adds this passkey."""
        public = AttestedCredentialData.create(Aaguid.NONE, self.id, ES256.from_cryptography_key(self.key.public_key()))
        attestation = AttestationObject.create("none", self._data(FLAG.AT, 0, public), {})
        client = CollectedClientData.create("webauthn.create", challenge, self.origin)
        return self._sent(client, attestationObject=websafe_encode(attestation))

    def answer(self, options: str) -> str:
        """What the page's script sends for these options."""
        return self.signed(json.loads(options)["challenge"])

    def signed(self, challenge: str) -> str:
        """What the page's script sends when this passkey has signed the challenge."""
        client = CollectedClientData.create("webauthn.get", challenge, self.origin)
        data = self._data(FLAG(0), 1)
        signature = self.key.sign(data + client.hash, ec.ECDSA(hashes.SHA256()))
        return self._sent(client, authenticatorData=websafe_encode(data), signature=websafe_encode(signature))

    def _data(self, flags: FLAG, count: int, public: bytes = b"") -> AuthenticatorData:
        site = sha256(str(urlsplit(settings.SITE_URL).hostname).encode())
        knows = FLAG.UV if self.knows_person else FLAG(0)
        return AuthenticatorData.create(site, FLAG.UP | knows | flags, count, public)

    def _sent(self, client: CollectedClientData, **response: str) -> str:
        name = websafe_encode(self.id)
        response["clientDataJSON"] = websafe_encode(client)
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
        )
