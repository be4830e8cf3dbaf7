"""What a form makes, made once however often it is pressed."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model

Made = TypeVar("Made", bound=Model)


def made_once(model: type[Made], press: str | None, fields: Mapping[str, Any]) -> tuple[Made, bool]:
    """The row, and whether it is new. press: none where nobody pressed a form."""
    if press is None:
        return model._default_manager.create(**fields), True
    return model._default_manager.get_or_create(press=press, defaults=fields)
