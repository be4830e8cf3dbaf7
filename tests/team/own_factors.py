"""Second factors for the people of the tests: an app, a passkey made by a device in software, and backup codes."""

import json
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from peersupport.team import app_codes, passkeys
from peersupport.team.models import Member, User
from tests.cast import CAST_PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SECOND_STEP = "/sign-in/second-factor/"
FLAG = AuthenticatorData.FLAG


class Device:
    """A security key in software. origin: of the page that the browser says it is on."""

    def __init__(self, origin: str = "", rp_id: str = "") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = sha256(str(id(self.key)).encode())
        self.origin = origin or settings.SITE_URL
        self.rp_id = rp_id or settings.SITE_URL.partition("://")[2].partition(":")[0]

    def made(self, challenge: str) -> str:
        """What a browser answers when somebody adds this key."""
        public = AttestedCredentialData.create(Aaguid.NONE, self.id, ES256.from_cryptography_key(self.key.public_key()))
        data = AuthenticatorData.create(sha256(self.rp_id.encode()), FLAG.UP | FLAG.AT, 0, public)
        attestation = AttestationObject.create("none", data, {})
        return self._answer("webauthn.create", challenge, attestationObject=websafe_encode(attestation))

    def signed(self, challenge: str) -> str:
        """What a browser answers at the second step."""
        data = AuthenticatorData.create(sha256(self.rp_id.encode()), FLAG.UP, 1)
        client = CollectedClientData.create("webauthn.get", challenge, self.origin)
        signature = self.key.sign(data + client.hash, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            "webauthn.get", challenge, authenticatorData=websafe_encode(data), signature=websafe_encode(signature)
        )

    def _answer(self, kind: str, challenge: str, **response: str) -> str:
        client = CollectedClientData.create(kind, challenge, self.origin)
        name = websafe_encode(self.id)
        response["clientDataJSON"] = websafe_encode(client)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def challenge_of(answer: HttpResponse) -> str:
    """The challenge that a page has the browser's device sign."""
    challenge = json.loads(answer.context["options"])["challenge"]
    assert len(websafe_decode(challenge)) == 32
    return str(challenge)


def give_app(user: User) -> Authenticator:
    return TOTP.activate(user, SECRET).instance


def give_passkey(user: User, device: Device | None = None, name: str = "My phone") -> Authenticator:
    challenge = websafe_encode(b"a challenge of a test, 32 bytes!")
    key = passkeys.new_key((device or Device()).made(challenge), challenge=challenge)
    assert key is not None
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": name, "credential": key})


def give_backup_codes(user: User, *, kept: bool = True) -> list[str]:
    codes = RecoveryCodes.activate(user)
    codes.instance.data["kept"] = kept
    codes.instance.save()
    return list(codes.generate_codes())


def code_now(secret: str = SECRET, at: datetime | None = None) -> str:
    return app_codes.code_at(secret, at or timezone.now())


def type_password(client: Client, user: User, **query: Any) -> HttpResponse:
    return client.post("/sign-in/", {"login": user.email, "password": CAST_PASSWORD}, **query)


def type_code(client: Client, code: str) -> HttpResponse:
    return client.post(SECOND_STEP, {"code": code})


def user_of(somebody: User | Member) -> User:
    return somebody.user if isinstance(somebody, Member) else somebody


def enroll(client: Client, user: User) -> list[str]:
    """Add an app on the page of somebody who has signed in, and keep the backup codes that it shows."""
    page = client.get("/my-page/second-factor/app/")
    secret = page.context["secret"].replace(" ", "")
    typed = {"setup": page.context["setup"], "code": code_now(secret), "password": CAST_PASSWORD}
    shown = client.post("/my-page/second-factor/app/", typed)
    codes = [code.replace(" ", "") for code in shown.context["codes"]]
    client.post("/my-page/second-factor/backup-codes/kept/", {"is_kept": "on"})
    return codes
