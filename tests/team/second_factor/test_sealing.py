"""The secrets of factors are sealed: renewed, and lost."""

from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from operations.rotation import lasting
from peersupport.sealing import keyring
from peersupport.sealing.envelope import CannotOpen
from peersupport.team import factor_seals
from peersupport.team.actions import factors
from peersupport.team.models import User
from tests.team.own_factors import code_now, give_app, give_backup_codes, give_passkey, type_code, type_password
from tests.team.second_factor.conftest import NOW

pytestmark = pytest.mark.usefixtures("noon")


def test_the_secret_is_renewed_and_all_is_sealed_anew(coordinator: User, own_keyring: Path) -> None:
    give_app(coordinator)
    give_passkey(coordinator)
    code = give_backup_codes(coordinator)[0]
    first, before = keyring.lasting("second-factor"), {row.pk: row.data for row in Authenticator.objects.all()}
    lasting.rotate("second-factor", now=NOW)
    rows = {row.pk: row for row in Authenticator.objects.all()}
    changed = {rows[pk].type for pk in rows if rows[pk].data != before[pk]}
    assert changed == {"totp", "recovery_codes"}
    with pytest.raises(CannotOpen):
        factor_seals.open_stored(next(row for row in rows.values() if row.type == "totp").data["secret"], [first])
    assert factors.use_code(user=coordinator, typed=code, now=NOW).backup_codes_left == 9
    assert factors.use_code(user=coordinator, typed=code_now(), now=NOW) == factors.Used(None)
    assert next(row for row in rows.values() if row.type == "recovery_codes").data["kept"] is True


def test_a_lost_secret_lets_nobody_in_and_breaks_no_page(client: Client, coordinator: User) -> None:
    give_app(coordinator)
    code = give_backup_codes(coordinator)[0]
    keyring.replace_lasting("second-factor", b"x" * 32)
    type_password(client, coordinator)
    for typed in (code_now(), code, ""):
        assert type_code(client, typed).status_code == 200
    assert "_auth_user_id" not in client.session
