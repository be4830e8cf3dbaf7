"""Where allauth's second factor behaves differently here: sealed secrets, and names that no request decides."""

from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from peersupport.program import queries as program

from . import factor_seals


class SecondFactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return factor_seals.seal_stored(text)

    def decrypt(self, encrypted_text: str) -> str:
        return factor_seals.open_stored(encrypted_text)

    def _get_site_name(self) -> str:
        """allauth's own is the Host header."""
        return program.settings_now().name

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("My passkey") if number == 1 else _("My passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site's own address, whatever host name the request used: passkeys are bound to it."""
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": self._get_site_name()}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        return {"id": f"account {user.pk}".encode(), "display_name": str(user), "name": self._get_user_identifier(user)}
