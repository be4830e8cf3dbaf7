"""The TLS certificate and its key, as nginx would load them."""

import ssl
from datetime import datetime
from pathlib import Path


class Unusable(Exception):
    """code: what is wrong, see ../sentences/machine.py; path: with which file."""

    def __init__(self, code: str, path: Path) -> None:
        super().__init__(code)
        self.code, self.path = code, str(path)


def valid_until(certificate: Path, key: Path) -> datetime:
    """When the first certificate of the chain runs out. Raises Unusable."""
    from cryptography import x509  # slow to load

    for path in (certificate, key):
        _check_readable(path)
    try:
        first = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
    except ValueError:
        raise Unusable("unusable", certificate) from None
    try:
        # A passphrase that nobody types: the answer would be waited for.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=lambda: "")
    except ssl.SSLError as error:
        raise Unusable("other_key" if error.reason == "KEY_VALUES_MISMATCH" else "unusable", key) from None
    return first.not_valid_after_utc


def _check_readable(path: Path) -> None:
    try:
        path.read_bytes()
    except OSError:
        raise Unusable("unreadable", path) from None
