"""The settings in a backup, as lines of a settings.env. Imports no Django: an empty home has no settings yet."""

import io
from collections.abc import Mapping
from urllib.parse import urlsplit

import environ

from peersupport.core.variables import OF_A_MACHINE


def to_text(variables: Mapping[str, str]) -> str:
    lines = (f"{name}='{value}'" if value[:1] in {"'", '"'} else f"{name}={value}" for name, value in variables.items())
    return "".join(f"{line}\n" for line in lines)


def from_text(text: str) -> dict[str, str]:
    class Lines(environ.Env):
        ENVIRON: dict[str, str] = {}

    Lines.read_env(io.StringIO(text))
    return Lines.ENVIRON


def places(variables: Mapping[str, str]) -> dict[str, str]:
    """What of these belongs to one machine, without passwords."""
    return {name: _without_password(variables[name]) for name in OF_A_MACHINE if variables.get(name)}


def _without_password(value: str) -> str:
    if "://" not in value:
        return value
    parts = urlsplit(value)
    user, _, host = parts.netloc.rpartition("@")
    user = user.partition(":")[0]
    return parts._replace(netloc=f"{user}@{host}" if user else host, query="", fragment="").geturl()
