"""The silent proof of work that a browser does while somebody types, as ALTCHA defines it (version 2).

Only while the brake is on. A challenge is signed, belongs to one form's token and ends with it.
"""

import json
from contextlib import suppress
from typing import Any

import altcha

from peersupport.program import form_tokens
from peersupport.sealing import envelope, keyring

# The library takes an unknown algorithm for another one without a word, so the name is compared here.
ALGORITHM = "PBKDF2/SHA-256"  # what every browser has built in
PREFIX = "00"  # one try in 256
MAX_LENGTH = 2_000  # characters of a proof
UNUSABLE = (ValueError, TypeError, KeyError, AttributeError, RecursionError)


def challenge(token: str, purpose: str, cost: int) -> str:
    """What the browser has to solve, as JSON. Raises StaleForm."""
    made = altcha.create_challenge(
        ALGORITHM,
        cost,
        key_prefix=PREFIX,
        expires_at=int(form_tokens.signed_at(token, purpose).timestamp()) + form_tokens.LIFETIME_HOURS * 3600,
        data={"form": form_tokens.hash_of(token, purpose)},
        hmac_secret=_secrets()[0],
    )
    return json.dumps(made.to_dict(), separators=(",", ":"))


def is_solved(proof: str, token: str, purpose: str) -> bool:
    """Whether it solves a challenge that we made for the form with this token. Raises StaleForm."""
    form = form_tokens.hash_of(token, purpose)
    if not proof or len(proof) > MAX_LENGTH:
        return False
    with suppress(*UNUSABLE):
        payload = altcha.Payload.from_base64(proof)
        return _is_ours(payload.challenge.parameters, form) and any(
            altcha.verify_solution(payload, secret).verified for secret in _secrets()
        )
    return False


def _is_ours(parameters: Any, form: str) -> bool:
    return (
        parameters.algorithm == ALGORITHM
        and parameters.key_prefix == PREFIX
        and isinstance(parameters.cost, int)
        and parameters.data == {"form": form}
    )


def _secrets() -> list[bytes]:
    """For proofs alone; they are renewed with the forms' own."""
    info = envelope.context("proof of work")
    return [envelope.derive(secret, salt=b"", info=info) for secret in keyring.known("forms")]
