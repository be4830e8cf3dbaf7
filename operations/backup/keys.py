"""The key pair of backups (age, X25519): the public half seals without a secret, the private half opens elsewhere."""

from pyrage import RecipientError, x25519

from peersupport.core.errors import Refused

VARIABLE = "PEERSUPPORT_BACKUP_KEY"

_PAPER = """
+----------------------------------------------------------------------------------+
  The private key of your backups, shown this once and stored nowhere:

  {private}

  Print it or write it down, and put it where the agency keeps such things. Do not
  keep it on this machine. Without it, no backup can be opened.
+----------------------------------------------------------------------------------+"""


def paper(private: str) -> str:
    """The private half, and what to do with it, as it is shown once."""
    return _PAPER.format(private=private)


def make() -> tuple[str, str]:
    """A new pair as text: the private half (AGE-SECRET-KEY-1…), stored nowhere, and the public half (age1…)."""
    identity = x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def recipient(public: str) -> x25519.Recipient:
    """What seals to this public half, ours or one that `age-keygen` made. Raises Refused."""
    if not public:
        raise Refused(f"there is no backup key. Put a public key (age1…) into {VARIABLE} in settings.env.")
    try:
        return x25519.Recipient.from_str(public)
    except RecipientError:
        raise Refused(f"{VARIABLE} is no public age key. It begins with age1, as `age-keygen -y` prints it.") from None


def identity(text: str) -> x25519.Identity:
    """The private half in a key file, where lines with # are comments, as `age-keygen` writes it. Raises Refused."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    try:
        (line,) = lines
        return x25519.Identity.from_str(line)
    except Exception:  # pyrage's parse errors and a count of lines other than one say the same
        raise Refused("the key file has no private age key: one line that begins with AGE-SECRET-KEY-1.") from None
