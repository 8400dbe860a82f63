"""Secrets that must be read again are stored sealed: AES-256-GCM under a key derived from ``settings.secret_key``.

A sealed value is a version byte, four bytes that name the key, a nonce of twelve bytes and the ciphertext. It opens
only with the key that sealed it and for the place (row and column) it was sealed for. New values are sealed with
``secret_key``; those of ``secret_keys_before`` still open what they sealed, until it is sealed anew (models/rotation.py).

What must be found without being opened has a blind index besides: an HMAC-SHA256 under another derived key.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from settings import Settings

_VERSION = b"\x01"
_NONCE = 12


class NoSecretKey(Exception):
    """The process has no ``secret_key``."""

    def __init__(self) -> None:
        super().__init__("no secret key: set STEWARD_SECRET_KEY to 32 random bytes as hex (openssl rand -hex 32)")


def secret_of(settings: Settings) -> str:
    """The secret key of this process. Raises NoSecretKey."""
    if settings.secret_key is None:
        raise NoSecretKey
    return settings.secret_key.get_secret_value()


@lru_cache(maxsize=32)
def derived(secret: str, purpose: str) -> bytes:
    """The key of 32 bytes that a secret key gives for one purpose and no other: HKDF-SHA256 (RFC 5869)."""
    return HKDF(SHA256(), length=32, salt=None, info=f"steward {purpose}".encode()).derive(bytes.fromhex(secret))


class NotOpened(Exception):
    """A sealed value was sealed with another key or for another place, or is damaged."""


@dataclass(frozen=True, repr=False)
class _Key:
    """What is derived from one secret key. ``name``: the four bytes that sealed values call it by."""

    name: bytes
    sealing: bytes
    indexing: bytes


def _key(secret: str) -> _Key:
    sealing = derived(secret, "sealed secrets")
    return _Key(hashlib.sha256(b"steward key name" + sealing).digest()[:4], sealing, derived(secret, "blind indexes"))


def _current(settings: Settings) -> _Key:
    return _key(secret_of(settings))


def _ring(settings: Settings) -> Iterator[_Key]:
    """Every key that opens, the current one first."""
    yield _current(settings)
    for secret in settings.older_secret_keys:
        yield _key(secret)


def key_names(settings: Settings) -> list[bytes]:
    """The names of the keys of this process, the current one first. Raises NoSecretKey."""
    return list(dict.fromkeys(key.name for key in _ring(settings)))


def name_of(sealed: bytes) -> bytes:
    """The name of the key that sealed a value."""
    return sealed[1:5]


def seal(text: str, settings: Settings, *, of: str) -> bytes:
    """``text`` sealed for the place ``of`` (such as ``chn_….target``). Raises NoSecretKey."""
    key, nonce = _current(settings), secrets.token_bytes(_NONCE)
    return _VERSION + key.name + nonce + AESGCM(key.sealing).encrypt(nonce, text.encode(), of.encode())


def open_sealed(sealed: bytes, settings: Settings, *, of: str) -> str:
    """The text that was sealed for ``of``, with whichever key. Raises NoSecretKey and NotOpened."""
    keys = {key.name: key for key in _ring(settings)}
    if sealed[:1] != _VERSION:
        raise NotOpened("sealed by a version that this one does not know")
    key = keys.get(name_of(sealed))
    if key is None:
        raise NotOpened("sealed with another STEWARD_SECRET_KEY")
    try:
        return AESGCM(key.sealing).decrypt(sealed[5 : 5 + _NONCE], sealed[5 + _NONCE :], of.encode()).decode()
    except InvalidTag:
        raise NotOpened("sealed for another place, or damaged") from None


def blind_index(text: str, settings: Settings, *, of: str) -> bytes:
    """What ``text`` is found by among the values of the column ``of``: it tells nothing to who lacks the key."""
    return _index(_current(settings), text, of)


def blind_indexes(text: str, settings: Settings, *, of: str) -> list[bytes]:
    """What ``text`` may be found by, whichever key its index was made with."""
    return [_index(key, text, of) for key in _ring(settings)]


def _index(key: _Key, text: str, of: str) -> bytes:
    return hmac.digest(key.indexing, f"{of}\0{text}".encode(), "sha256")
