from typing import Any

from django.db import models


class ShredKeyField(models.CharField):
    """The id of a key in `shred/`. A key whose id is in no such column is destroyed after an hour."""

    description = "shred key id"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 32)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)
