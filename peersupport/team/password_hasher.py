"""Django's slow hash of a password, one of a bounded number at once."""

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

from peersupport.core import slow_hashes


class BoundedArgon2Hasher(Argon2PasswordHasher):
    """The same hashes. Raises slow_hashes.Busy."""

    memory_cost = settings.PASSWORD_MEMORY_KIB

    def encode(self, password: str, salt: str) -> str:
        with slow_hashes.seat():
            return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        with slow_hashes.seat():
            return bool(super().verify(password, encoded))
