"""Forms that make something new make it once, however often they are sent."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def create_once(model: type[Row], form_token_hash: str | None, fields: Mapping[str, Any]) -> tuple[Row, bool]:
    """The row, and whether it is new.

    form_token_hash: what the form's token leaves in the row (`form_tokens`); None where no form was sent.
    """
    if form_token_hash is None:
        return model._default_manager.create(**fields), True
    return model._default_manager.get_or_create(form_token_hash=form_token_hash, defaults=fields)
