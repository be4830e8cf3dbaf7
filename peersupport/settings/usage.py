"""For `--help` alone: a command says how it is used to whoever may write nowhere, and touches nothing."""

from .base import *

DEMO = False
KEYRING = "/nowhere"  # not mounted
HOST_SECRET = SECRET_KEY = ""
