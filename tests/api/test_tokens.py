"""Access tokens: what was issued is understood, and everything else is refused in the same words."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from pydantic import SecretStr

from api import tokens
from api.tokens import AUDIENCE, ISSUER, Claims, issue, verify
from domain.refusals import RefusalCode, Refused
from models.secrets import NoSecretKey, secret_of
from settings import Settings

ACCOUNT, SESSION = "acc_01hzzzzzzzzzzzzzzzzzzzzzzz", "ses_01hzzzzzzzzzzzzzzzzzzzzzzz"
SETTINGS = Settings(secret_key=SecretStr("5a" * 32), data=Path())
NOW = datetime.now(UTC)


def segment(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def claims(**changed: Any) -> dict[str, Any]:
    whole = {"iss": ISSUER, "aud": AUDIENCE, "sub": ACCOUNT, "sid": SESSION}
    whole |= {"exp": int((NOW + timedelta(hours=1)).timestamp())} | changed
    return {name: value for name, value in whole.items() if value is not None}


def signed(algorithm: str = "HS256", **changed: Any) -> str:
    """A token with our own key, which a forger does not have, and other claims."""
    return jwt.encode({"alg": algorithm}, claims(**changed), tokens._signing_key(secret_of(SETTINGS)), algorithms=[algorithm])  # pyright: ignore[reportPrivateUsage]


def test_an_issued_token_names_its_account_until_it_expires():
    token, expires_at = issue(ACCOUNT, SESSION, SETTINGS)
    assert verify(token, SETTINGS) == Claims(ACCOUNT, SESSION, expires_at.timestamp())
    now = datetime.now(UTC).replace(microsecond=0)
    assert issue(ACCOUNT, SESSION, SETTINGS, now=now)[1] == now + timedelta(minutes=60)
    assert now - timedelta(minutes=1) < expires_at - timedelta(minutes=60) <= now


def test_any_process_with_the_same_secret_understands_it():
    assert verify(issue(ACCOUNT, SESSION, SETTINGS)[0], SETTINGS.model_copy()).session_id == SESSION


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(issue(ACCOUNT, SESSION, SETTINGS, now=NOW - timedelta(minutes=61))[0], id="expired"),
        pytest.param(issue(ACCOUNT, SESSION, Settings(secret_key=SecretStr("5b" * 32)))[0], id="another secret"),
        pytest.param(jwt.encode({"alg": "HS256"}, claims(), OctKey.import_key(bytes.fromhex("5a" * 32))), id="underived key"),
        pytest.param(signed(aud="somebody/else"), id="foreign audience"),
        pytest.param(signed(iss="somebody"), id="foreign issuer"),
        pytest.param(signed(aud=None), id="no audience"),
        pytest.param(signed(iss=None), id="no issuer"),
        pytest.param(signed(exp=None), id="no end"),
        pytest.param(signed(exp="tomorrow"), id="end of another type"),
        pytest.param(signed(sub=None), id="no subject"),
        pytest.param(signed(sub=["x"]), id="subject of another type"),
        pytest.param(signed(sid=None), id="no session"),
        pytest.param(signed(sid=["x"]), id="session of another type"),
        pytest.param(signed(exp=10**400), id="end beyond all numbers"),
        pytest.param(signed(nbf=int((NOW + timedelta(hours=1)).timestamp())), id="not yet"),
        pytest.param(signed("HS512"), id="another algorithm"),
        pytest.param(f"{segment({'alg': 'none'})}.{segment(claims())}.", id="no algorithm"),
        pytest.param(issue(ACCOUNT, SESSION, SETTINGS)[0][:-2], id="cut"),
        pytest.param(issue(ACCOUNT, SESSION, SETTINGS)[0] + "A" * 4_000, id="far too long"),
        pytest.param(f"{segment(['HS256'])}.{segment(claims())}.x", id="header is a list"),
        pytest.param("", id="empty"),
        pytest.param("a.b.c", id="nonsense"),
        pytest.param("密码", id="not even ASCII"),
    ],
)
def test_every_other_token_is_refused_in_the_same_words(token: str):
    with pytest.raises(Refused) as refused:
        verify(token, SETTINGS)
    assert refused.value.code is RefusalCode.UNAUTHENTICATED
    assert refused.value.message.en == "The access token is not valid, or no longer."


def test_without_a_secret_key_the_reason_is_told_to_who_runs_the_server():
    for act in (lambda: issue(ACCOUNT, SESSION, Settings()), lambda: verify("a.b.c", Settings())):
        with pytest.raises(NoSecretKey, match="STEWARD_SECRET_KEY"):
            act()
