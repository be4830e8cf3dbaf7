"""Somebody with a copy of the support plane from before, who tries every secret they have on every part of it."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from peersupport.keeping import Kept
from peersupport.sealing import envelope
from requests_app import vault
from requests_app.models import LastWord, Message, Request, TallyOwed

SEALED = {
    Request: {"routing": "routing", "card": "card", "words": "words"},
    Message: {"body": "message"},
    LastWord: {"body": "last word"},
    TallyOwed: {"body": "owed"},
}


@dataclass(frozen=True)
class Copy:
    """Every row of every table of the support plane."""

    rows: dict[str, list[dict[str, Any]]]

    @property
    def tags(self) -> list[bytes]:
        return [bytes(row["tag"]) for row in self.rows["requests_app.Request"]]

    def sealed(self) -> Iterable[tuple[bytes, bytes]]:
        """Each sealed part, and the place that it is bound to."""
        for model, parts in SEALED.items():
            for row in self.rows[model._meta.label]:
                for column, part in parts.items():
                    bound = vault._context(row["request_id"] if model is Message else row["id"], part)
                    yield bytes(row[column]), bound + row["id"].bytes if model is Message else bound


def take_copy() -> Copy:
    support = [model for model in apps.get_models() if is_support(getattr(model, "kept", None))]
    return Copy({model._meta.label: list(model.objects.values()) for model in support})


def is_support(kept: Kept | None) -> bool:
    return kept is not None and kept.plane == "support"


def all_that_opens(copy: Copy, secrets: Iterable[bytes], keyring: Iterable[bytes]) -> list[bytes]:
    """What any of the secrets opens, as it is or as the program derives keys from it, with a salt of the keyring."""
    salts = {key for key in keyring if len(key) == envelope.KEY_BYTES}
    whole = {secret for secret in secrets if len(secret) == envelope.KEY_BYTES} | salts
    opened = []
    for blob, bound in copy.sealed():
        derived = (envelope.derive(secret, salt=salt, info=bound) for secret in whole for salt in salts)
        for key in (*whole, *derived):
            with suppress(envelope.CannotOpen):
                opened.append(envelope.open_sealed(key, blob, context=bound))
    return opened


def is_confirmed(copy: Copy, locator: bytes, secrets: Iterable[bytes]) -> bool:
    """Whether any of the secrets shows that a receipt which was found belongs to a row of the copy."""
    return any(vault.tag(secret, locator) in copy.tags for secret in secrets)
