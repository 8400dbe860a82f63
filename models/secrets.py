"""Secrets that must be read again are stored sealed: AES-256-GCM under a key derived from ``settings.secret_key``.

A sealed value is a version byte, four bytes that name the key, a nonce of twelve bytes and the ciphertext. It opens
only with the key that sealed it and for the place (row and column) it was sealed for.
"""

import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from settings import Settings

_VERSION = b"\x01"
_NONCE = 12


class NoSecretKey(Exception):
    """The process has no usable ``secret_key``."""

    def __init__(self) -> None:
        super().__init__("STEWARD_SECRET_KEY is needed to seal and open secrets: set it to 32 bytes as hex (64 characters)")


class NotOpened(Exception):
    """A sealed value was sealed with another key or for another place, or is damaged."""


def _key(settings: Settings) -> tuple[bytes, bytes]:
    """The key and the four bytes that name it."""
    try:
        root = bytes.fromhex(settings.secret_key.get_secret_value() if settings.secret_key else "")
    except ValueError:
        raise NoSecretKey from None
    if len(root) != 32:
        raise NoSecretKey
    key = HKDF(SHA256(), length=32, salt=None, info=b"steward sealed secrets").derive(root)
    return key, hashlib.sha256(b"steward key name" + key).digest()[:4]


def seal(text: str, settings: Settings, *, of: str) -> bytes:
    """``text`` sealed for the place ``of`` (such as ``chn_….target``). Raises NoSecretKey."""
    key, name = _key(settings)
    nonce = secrets.token_bytes(_NONCE)
    return _VERSION + name + nonce + AESGCM(key).encrypt(nonce, text.encode(), of.encode())


def open_sealed(sealed: bytes, settings: Settings, *, of: str) -> str:
    """The text that was sealed for ``of``. Raises NoSecretKey and NotOpened."""
    key, name = _key(settings)
    if sealed[:1] != _VERSION:
        raise NotOpened("sealed by a version that this one does not know")
    if sealed[1:5] != name:
        raise NotOpened("sealed with another STEWARD_SECRET_KEY")
    try:
        return AESGCM(key).decrypt(sealed[5 : 5 + _NONCE], sealed[5 + _NONCE :], of.encode()).decode()
    except InvalidTag:
        raise NotOpened("sealed for another place, or damaged") from None
