"""The secret in a link to a new password. Asking again on the same day makes the same link."""

from datetime import UTC, datetime

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils import timezone

from .models import User


class ResetTokenGenerator(PasswordResetTokenGenerator):
    """Django's, made as of the beginning of the day (UTC), so that no row has to remember an earlier link.

    A link works until the end of the next day: `settings.PASSWORD_RESET_TIMEOUT` is 48 hours from the beginning.
    """

    def make_token(self, user: User) -> str:  # type: ignore[override]
        day = timezone.now().astimezone(UTC).date()
        beginning = datetime(day.year, day.month, day.day)  # noqa: DTZ001  # as _now is
        return str(self._make_token_with_timestamp(user, self._num_seconds(beginning), self.secret))

    def _now(self) -> datetime:
        return timezone.now().astimezone(UTC).replace(tzinfo=None)
