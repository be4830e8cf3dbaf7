"""Certificate and key, as files."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from operations.doctor.reading import certificates

UNTIL = datetime(2031, 3, 4, tzinfo=UTC)
NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "peer.example.org")])


def written(folder: Path, passphrase: KeySerializationEncryption = NoEncryption()) -> tuple[Path, Path]:  # noqa: B008
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    made = x509.CertificateBuilder(NAME, NAME, key.public_key(), 1, UNTIL - timedelta(days=90), UNTIL)
    paths = folder / "fullchain.pem", folder / "privkey.pem"
    paths[0].write_bytes(made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, passphrase))
    return paths


def problem(certificate: Path, key: Path) -> str:
    with pytest.raises(certificates.Unusable) as raised:
        certificates.valid_until(certificate, key)
    return raised.value.code


def test_what_nginx_would_load_and_what_not(tmp_path: Path) -> None:
    certificate, key = written(tmp_path / "one")
    assert certificates.valid_until(certificate, key) == UNTIL
    assert problem(certificate, written(tmp_path / "two")[1]) == "other_key"
    assert problem(*written(tmp_path / "locked", BestAvailableEncryption(b"hush"))) == "unusable"
    assert problem(key, key) == "unusable"
    assert problem(certificate, tmp_path / "nowhere.pem") == "unreadable"
