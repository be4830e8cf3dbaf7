"""What an officer's and a member's forms need of their tokens."""

from peersupport.program.form_tokens import LIFETIME_HOURS, STALE, StaleForm, fresh, nonce_of, renew

__all__ = ["LIFETIME_HOURS", "STALE", "StaleForm", "fresh", "nonce_of", "renew"]
