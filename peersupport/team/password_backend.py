"""Signing in with a password, which takes as long for an unknown address as for a known one."""

from allauth.account.auth_backends import AuthenticationBackend

from .domain import passwords


class PasswordBackend(AuthenticationBackend):
    def _mitigate_timing_attack(self, password: str) -> None:
        """One slow hash for each that `User.check_password` computes for a wrong password."""
        for spelling in passwords.spellings(password):
            super()._mitigate_timing_attack(spelling)
