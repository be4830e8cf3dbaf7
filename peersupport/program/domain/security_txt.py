"""The file by which somebody who found a weakness learns whom to tell (RFC 9116). Pure."""

import re
from datetime import date

MONTHS_VALID = 6  # RFC 9116, 2.5.5: less than a year


def contact_uri(contact: str) -> str:
    """An e-mail address as a URI; what is a URI already stays as it is."""
    return contact if re.match(r"(?:https://|mailto:|tel:)", contact) else f"mailto:{contact}"


def expires_on(today: date) -> date:
    """The first of a month, five to six months ahead: the file changes once a month and never has run out."""
    months = today.year * 12 + today.month - 1 + MONTHS_VALID
    return date(months // 12, months % 12 + 1, 1)


def security_txt(*, contact: str, address: str, policy: str, today: date) -> str:
    """contact: an e-mail address or URI. address, policy: of this file, and of the page that says how to report."""
    lines = (
        f"Contact: {contact_uri(contact)}",
        f"Expires: {expires_on(today).isoformat()}T00:00:00Z",
        f"Policy: {policy}",
        "Preferred-Languages: en",
        f"Canonical: {address}",
    )
    return "".join(f"{line}\n" for line in lines)
