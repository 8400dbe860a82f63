"""Sealed values open only with the key, and in the place, that they were sealed for."""

import pytest
from pydantic import SecretStr

from models.secrets import NoSecretKey, NotOpened, open_sealed, seal
from settings import Settings


def with_key(key: str | None) -> Settings:
    return Settings(secret_key=SecretStr(key) if key is not None else None)


OURS, THEIRS = with_key("5a" * 32), with_key("a5" * 32)


def test_what_was_sealed_opens_again() -> None:
    sealed = seal("whsec_秘密", OURS, of="chn_1.secret")
    assert "秘密".encode() not in sealed
    assert open_sealed(sealed, OURS, of="chn_1.secret") == "whsec_秘密"


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert seal("a", OURS, of="x") != seal("a", OURS, of="x")


def test_another_key_does_not_open_it_and_is_named_as_the_reason() -> None:
    with pytest.raises(NotOpened, match="another STEWARD_SECRET_KEY"):
        open_sealed(seal("a", OURS, of="x"), THEIRS, of="x")


def test_it_does_not_open_in_another_place_nor_damaged() -> None:
    sealed = seal("a", OURS, of="x")
    with pytest.raises(NotOpened, match="another place, or damaged"):
        open_sealed(sealed, OURS, of="y")
    with pytest.raises(NotOpened, match="another place, or damaged"):
        open_sealed(sealed[:-1] + bytes([sealed[-1] ^ 1]), OURS, of="x")
    with pytest.raises(NotOpened, match="version"):
        open_sealed(b"\x02" + sealed[1:], OURS, of="x")


def test_without_a_key_the_remedy_is_told() -> None:
    with pytest.raises(NoSecretKey, match="STEWARD_SECRET_KEY"):
        seal("a", with_key(None), of="x")
