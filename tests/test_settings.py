"""A setting that cannot be used is refused when it is read, by its name, and never repeated."""

import pytest
from pydantic import ValidationError

from settings import load

KEY = "5a" * 32


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("STEWARD_SECRET_KEY", "not-so-secret", "64 characters"),
        ("STEWARD_SECRET_KEY", "", "64 characters"),
        ("STEWARD_SECRET_KEY", "5a" * 16, "64 characters"),
        ("STEWARD_SECRET_KEY", f"{KEY},{KEY}", "64 characters"),
        ("STEWARD_SECRET_KEYS_BEFORE", f"{KEY},not-so-secret", "64 characters"),
        ("STEWARD_TIMEZONE", "Mars/Olympus", "Asia/Shanghai"),
        ("STEWARD_TIMEZONE", "../etc/passwd", "Asia/Shanghai"),
        ("STEWARD_LOG_LEVEL", "LOUD", "'WARNING'"),
        ("STEWARD_PORT", "99999", "65535"),
        ("STEWARD_MQTT_URL", "mqtt://not-so-secret@broker", "mqtts?"),
        ("STEWARD_MQTT_URL", "https://broker", "mqtts?"),
        ("STEWARD_MQTT_URL", "mqtt://broker:99999", "65535"),
        ("STEWARD_MQTT_CLIENT_ID", "", "pattern"),
        ("STEWARD_MQTT_GROUP", "a/b", "pattern"),
        ("STEWARD_MQTT_ROUTES", '[{"topic": "{device}"}]', "name the organisation once"),
        ("STEWARD_MQTT_REJECTED_TOPIC", "rejected/#", "pattern"),
    ],
)
def test_what_cannot_be_used_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str, remedy: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=name.removeprefix("STEWARD_").lower()) as refused:
        load()
    assert remedy in str(refused.value)
    assert "so-secret" not in str(refused.value)


def test_older_keys_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEWARD_SECRET_KEYS_BEFORE", f" {KEY}, {'A5' * 32},")
    assert load().older_secret_keys == (KEY, "A5" * 32)
