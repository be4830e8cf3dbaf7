"""HPKE base mode written out from RFC 9180, sections 4 and 5, to check the library against. Tests only."""

import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

KEM_SUITE = b"KEM" + (0x0020).to_bytes(2, "big")  # DHKEM(X25519, HKDF-SHA256)
SUITE = b"HPKE" + b"".join(code.to_bytes(2, "big") for code in (0x0020, 0x0001, 0x0003))


def open_base(private_key: bytes, sealed: bytes, info: bytes, associated: bytes = b"") -> bytes:
    """Open the first message of a base mode context; `sealed` is the encapsulated key followed by the ciphertext."""
    encapsulated, ciphertext = sealed[:32], sealed[32:]
    own = X25519PrivateKey.from_private_bytes(private_key)
    exchanged = own.exchange(X25519PublicKey.from_public_bytes(encapsulated))
    early = extract(KEM_SUITE, b"", b"eae_prk", exchanged)
    shared = expand(KEM_SUITE, early, b"shared_secret", encapsulated + own.public_key().public_bytes_raw(), 32)
    context = b"\0" + extract(SUITE, b"", b"psk_id_hash", b"") + extract(SUITE, b"", b"info_hash", info)
    secret = extract(SUITE, shared, b"secret", b"")
    key = expand(SUITE, secret, b"key", context, 32)
    nonce = expand(SUITE, secret, b"base_nonce", context, 12)
    return ChaCha20Poly1305(key).decrypt(nonce, ciphertext, associated)


def extract(suite: bytes, salt: bytes, label: bytes, data: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + data, hashlib.sha256)


def expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labeled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, labeled + b"\1", hashlib.sha256)[:length]
