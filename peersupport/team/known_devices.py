"""Devices on which somebody signed in before. None is known yet."""

from django.http import HttpRequest

from .models import User


def known_user(request: HttpRequest) -> User | None:
    """The account that signed in on this device before and called it their own; None if nobody did."""
    return None
