"""A process logs one line an entry, its own words and its libraries' alike."""

import json
import logging
from collections.abc import Generator

import asyncpg
import pytest
import structlog

from models.logs import configure_logging
from settings import Settings


@pytest.fixture(autouse=True)
def as_before() -> Generator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def test_lines_are_json_objects_where_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_json=True))
    structlog.stdlib.get_logger("ours").warning("报警 raised", alert="alr_1")
    logging.getLogger("theirs").info("%s of %s", 1, 2)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["event"], line["level"], line["logger"]) for line in lines] == [
        ("报警 raised", "warning", "ours"),
        ("1 of 2", "info", "theirs"),
    ]
    assert lines[0]["alert"] == "alr_1"
    assert lines[0]["timestamp"].endswith("Z")


def test_a_traceback_is_part_of_its_entry(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_json=True))
    try:
        int("no number")
    except ValueError:
        structlog.stdlib.get_logger("ours").exception("failed")
    (line,) = capsys.readouterr().err.splitlines()
    assert "ValueError: invalid literal" in json.loads(line)["exception"]


def test_the_level_is_a_setting(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_level="warning"))
    structlog.stdlib.get_logger("ours").info("a detail")
    logging.getLogger("theirs").warning("a problem")
    told = capsys.readouterr().err
    assert "a detail" not in told
    assert "a problem" in told


@pytest.mark.parametrize("name", ["httpx2", "httpcore2", "apprise", "tortoise"])
def test_libraries_that_would_tell_addresses_and_secrets_are_quiet(name: str) -> None:
    configure_logging(Settings(log_level="DEBUG"))
    assert not logging.getLogger(name).isEnabledFor(logging.INFO)


def test_errors_of_the_database_do_not_quote_the_values_that_they_are_about(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_json=True))
    log = structlog.stdlib.get_logger("ours")
    unique = asyncpg.UniqueViolationError("duplicate key violates unique constraint")
    unique.detail = "Key (login)=(canary) already exists."
    wrong = asyncpg.DataError("invalid input for query argument $1: 'canary'")
    for error in (ExceptionGroup("both", [unique, ValueError(wrong)]), unique, wrong):
        try:
            try:
                raise wrong
            except asyncpg.DataError:
                raise error  # noqa: B904 (its context is what is looked at)
        except Exception as told:
            log.exception("failed")
            log.warning("failed", exc_info=told)
            logging.getLogger("theirs").exception("failed")
    lines = capsys.readouterr().err
    assert "UniqueViolationError: duplicate key violates unique constraint" in lines
    assert "SQLSTATE 22000" in lines
    assert "canary" not in lines
