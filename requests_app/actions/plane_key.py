"""The plane key, under which receipts find their requests. It is renewed weekly."""

import logging
from datetime import datetime

from django.db import transaction

from peersupport.core import single_row
from peersupport.sealing import keyring
from peersupport.sealing.actions import condemn
from peersupport.sealing.queries import is_erased

from .. import vault
from ..models import PlaneKey, Request
from ..queries import unsealing

log = logging.getLogger("peersupport.requests")
WEEK = 7 * 24 * 60 * 60  # seconds


def lock_current_key(now: datetime) -> bytes:
    """The week's key. Its row stays locked until the transaction ends. A key that was lost is replaced."""
    row = single_row.read(PlaneKey, "key_id", for_update=True)
    if row is None:
        defaults = {"key_id": keyring.create(), "week": _week(now)}
        PlaneKey.objects.get_or_create(pk=1, defaults=defaults)
        row = single_row.read(PlaneKey, "key_id", for_update=True)
    (key_id,) = row or ("",)
    try:
        return keyring.get(key_id)
    except keyring.KeyMissing:
        if not keyring.is_destroyed(key_id):
            raise
    key_id = keyring.create()
    _change(PlaneKey.objects.get(pk=1), key_id, now)
    return keyring.get(key_id)


def renew(*, now: datetime) -> None:
    """Make a new plane key, tag the open requests with it, and destroy the old one.

    Not while a request can't be opened, and so can't be tagged: its officer would read that it was closed and erased.
    Such a request ends after 45 days, if another one opens (see sweep).
    """
    if unsealing.unreadable():
        log.error("a request can't be opened, so the plane key is not renewed")
        return
    new_key_id = keyring.create()
    with transaction.atomic():
        lock_current_key(now)
        row = PlaneKey.objects.get(pk=1)
        condemn(key_id=row.key_id)
        _change(row, new_key_id, now)


def replace_if_lost(*, now: datetime) -> None:
    """Replace a lost key, without which nobody finds their request, even while nobody submits a new one."""
    row = PlaneKey.objects.filter(pk=1).first()
    if row is not None and is_erased(row.key_id):
        with transaction.atomic():
            lock_current_key(now)


def _change(row: PlaneKey, key_id: str, now: datetime) -> None:
    """Tag all open requests with this key from now on."""
    new_key = keyring.get(key_id)
    for request in unsealing.open_requests(Request.objects.select_for_update()):
        request.row.tag = vault.lookup_tag(new_key, bytes.fromhex(request.routing.locator))
        request.row.save(update_fields=["tag"])
    row.key_id, row.week = key_id, _week(now)
    row.save()


def _week(now: datetime) -> int:
    return int(now.timestamp()) // WEEK
