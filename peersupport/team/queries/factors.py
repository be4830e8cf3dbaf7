"""The second factors of an account."""

from dataclasses import dataclass

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator

from .. import second_factor
from ..domain.second_factor import codes_left
from ..models import User

Type = Authenticator.Type


@dataclass(frozen=True)
class Factors:
    """codes_left: None without backup codes. are_codes_kept: whether their owner said that they are on paper.

    codes_id: the number of this set of backup codes, 0 without any.
    """

    app: Authenticator | None
    passkeys: list[Authenticator]
    codes_left: int | None
    are_codes_kept: bool
    codes_id: int

    @property
    def count(self) -> int:
        """Backup codes are no factor."""
        return len(self.passkeys) + bool(self.app)


def factors_of(user: User) -> Factors:
    rows = list(Authenticator.objects.filter(user=user).order_by("pk"))
    app = next((row for row in rows if row.type == Type.TOTP), None)
    codes = next((row for row in rows if row.type == Type.RECOVERY_CODES), None)
    return Factors(
        app,
        [row for row in rows if row.type == Type.WEBAUTHN],
        codes_left(codes.data["used_mask"], of=app_settings.RECOVERY_CODE_COUNT) if codes else None,
        bool(codes and codes.data.get("kept")),
        codes.pk if codes else 0,
    )


def factor_of(user: User, factor_id: int) -> Authenticator | None:
    return Authenticator.objects.filter(user=user, pk=factor_id, type__in=second_factor.FACTORS).first()


def has_codes_to_keep(user: User) -> bool:
    """Whether their backup codes were made and nobody said that they are on paper."""
    codes = Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).first()
    return codes is None or not codes.data.get("kept")


def accounts_without_factor() -> int:
    """How many people who may sign in have neither an app nor a passkey."""
    having = Authenticator.objects.filter(type__in=second_factor.FACTORS).values("user_id")
    return sum(each.has_usable_password() for each in User.objects.filter(is_active=True).exclude(pk__in=having))
