"""Second factors for the people of the tests: an app, a passkey made in software, and backup codes."""

import json
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from fido2.utils import websafe_decode

from peersupport.team import app_codes
from peersupport.team.models import Member, User
from tests.cast import CAST_PASSWORD
from tests.team.passkey import Passkey

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SECOND_STEP = "/sign-in/second-factor/"
PAGE = "/my-page/second-factor/"


def touch_key() -> Passkey:
    """A security key that one touches, and that knows nobody: enough after the password."""
    return Passkey(knows_person=False)


def challenge_of(answer: HttpResponse) -> str:
    """The challenge that a page has the browser's device sign."""
    challenge = json.loads(answer.context["options"])["challenge"]
    assert len(websafe_decode(challenge)) == 32
    return str(challenge)


def give_app(user: User) -> Authenticator:
    return TOTP.activate(user, SECRET).instance


def give_passkey(user: User) -> Authenticator:
    touch_key().enroll(user)
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).latest("pk")


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
    page = client.get(f"{PAGE}app/")
    secret = page.context["secret"].replace(" ", "")
    typed = {"setup": page.context["setup"], "code": code_now(secret), "password": CAST_PASSWORD}
    shown = client.post(f"{PAGE}app/", typed)
    codes = [code.replace(" ", "") for code in shown.context["codes"]]
    client.post(f"{PAGE}backup-codes/kept/", {"is_kept": "on"})
    return codes
