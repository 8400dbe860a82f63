"""What people read is held against what runs: links, examples, commands, settings, metrics."""

from __future__ import annotations

import itertools
import json
import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import prometheus_client
import pytest
from graphql import parse, validate
from tortoise import connections
from tortoise.transactions import in_transaction

import api.metrics
import api.mqtt.watch  # noqa: F401
import tasks.metrics  # noqa: F401
from api.events.judge import Window, judge
from api.schema import SCHEMA
from models.events import Incoming
from models.keys import IntakePass
from settings import Settings
from steward.checks import variable
from steward.demo.accounts import DEMO_LOGINS
from steward.demo.devices import install
from steward.demo.facilities import fit
from steward.demo.organisations import bodies
from steward.demo.street import SEED, plan
from tests.command_line import understood_by_the_command_line

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("benchmarks", "deploy", "docs")
PAGES = sorted([*ROOT.glob("*.md"), *(page for folder in FOLDERS for page in (ROOT / folder).rglob("*.md"))])

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
_VARIABLE = re.compile(r"\b(?:STEWARD_[A-Z_]*[A-Z]|DATABASE_URL|REDIS_URL)\b")

#: A moment after those that examples name; codes of the demo do not depend on it.
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
WINDOW = Window(NOW, ahead=timedelta(minutes=5), age=timedelta(days=31))
SETTINGS = {variable(name, field) for name, field in Settings.model_fields.items()}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def fenced(page: Path, *languages: str) -> list[str]:
    """The contents of the page's fenced blocks in these languages."""
    return [text for language, text in _FENCE.findall(page.read_text("utf-8")) if language in languages]


def commands(page: Path) -> Iterator[list[str]]:
    """The words of every command in the page's shell examples; a command in ``$(…)`` is one of its own."""
    for block in fenced(page, "sh"):
        inner = re.findall(r"\$\((.*?)\)", block)
        outer = re.sub(r"\$\(.*?\)", "GIVEN", block).replace("\\\n", " ")
        outer = re.sub(r"'[^']*'", lambda quoted: quoted[0].replace("\n", " "), outer)
        for line in [*outer.splitlines(), *inner]:
            yield shlex.split(re.sub(r"^\w+=", "", re.split(" [<>] ", line)[0]))


def bodies_sent(page: Path) -> Iterator[dict[str, Any]]:
    """The JSON bodies that the page's shell examples send with curl."""
    for words in commands(page):
        if words[0] == "curl":
            yield from (json.loads(body) for option, body in itertools.pairwise(words) if option == "-d")


def anchors(page: Path) -> set[str]:
    """The anchors that the page's headings have when it is shown as HTML."""
    text = _FENCE.sub("", page.read_text("utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in _HEADING.findall(text)}


def every(parts: dict[str, Any]) -> list[Any]:
    return [pytest.param(part, id=name) for name, part in parts.items()]


pages = pytest.mark.parametrize("page", every({name_of(page): page for page in PAGES}))


@pages
def test_every_relative_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    text = _FENCE.sub("", page.read_text("utf-8"))
    for link in _LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        assert not anchor or anchor in anchors(target), link


def test_the_index_lists_every_page_of_the_documents() -> None:
    indexes = [ROOT / "docs" / folder / "README.md" for folder in ("", "decisions", "modules")]
    listed = {(index.parent / link).resolve() for index in indexes for link in _LINK.findall(index.read_text("utf-8"))}
    assert [name_of(page) for page in PAGES if page.is_relative_to(ROOT / "docs") and page not in {*listed, indexes[0]}] == []


@pages
def test_every_graphql_example_is_valid(page: Path) -> None:
    examples = [*fenced(page, "graphql"), *(body["query"] for body in bodies_sent(page) if "query" in body)]
    for example in examples:
        assert [error.message for error in validate(SCHEMA, parse(example))] == [], example


@pages
def test_every_event_example_is_taken_by_the_checks_of_the_intake(page: Path) -> None:
    shown = [json.loads(text) for text in fenced(page, "json") if '"specversion"' in text]
    sent = [body for body in bodies_sent(page) if "specversion" in body]
    for event in [*shown, *sent]:
        judged = judge(event, IntakePass("ink", b"", None), WINDOW)
        assert isinstance(judged, Incoming), judged


@pages
def test_every_json_example_is_json(page: Path) -> None:
    for text in fenced(page, "json"):
        json.loads(text)


@pages
def test_every_command_of_steward_and_make_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for words in commands(page):
        match words:
            case ["make", target]:
                assert target in targets
            case [program, *rest] if Path(program).name == "steward":
                understood_by_the_command_line(rest)
            case ["docker", "compose", "run", "--rm", "migrate", *rest] if rest:
                understood_by_the_command_line(rest)
            case _:
                pass


@pytest.mark.parametrize("words", ["demo nope", "token", "up --prot 1", "up --demo medium", "intake-key create A B"])
def test_a_command_that_the_command_line_does_not_know_would_be_noticed(words: str) -> None:
    with pytest.raises(Exception, match=r"no such command|Missing|No such option|medium|extra"):
        understood_by_the_command_line(words.split())


@pages
def test_every_setting_that_is_named_exists(page: Path) -> None:
    assert set(_VARIABLE.findall(page.read_text("utf-8"))) <= SETTINGS


@pages
def test_every_metric_that_is_named_is_counted(page: Path) -> None:
    counted = {sample.name for metric in prometheus_client.REGISTRY.collect() for sample in metric.samples}
    counted |= {metric.name for metric in prometheus_client.REGISTRY.collect()}
    counted |= {f"{metric.name}_total" for metric in prometheus_client.REGISTRY.collect() if metric.type == "counter"}
    assert set(re.findall(r"`(steward_[a-z_]+)`", page.read_text("utf-8"))) <= counted


async def test_every_sql_example_runs(database: Settings) -> None:
    examples = [example for page in PAGES for example in fenced(page, "sql")]
    assert examples
    async with in_transaction():
        for example in examples:
            await connections.get("default").execute_query(example)


def test_both_languages_of_the_readme_give_the_same_commands_and_examples() -> None:
    english, chinese = (ROOT / "README.md", ROOT / "README.zh-CN.md")
    assert _FENCE.findall(english.read_text("utf-8")) == _FENCE.findall(chinese.read_text("utf-8"))
    assert english.read_text("utf-8").count("\n## ") == chinese.read_text("utf-8").count("\n## ")


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_names_the_log_ins_of_the_demo_and_no_other(name: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \| `([\w-]+)` \| (.+) \|$", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    language = "zh-CN" if "zh" in name else "en"
    assert rows == [(each.login, each.password, each.description.say(language)) for each in DEMO_LOGINS]


@pytest.mark.parametrize("scale", ["small", "street"])
def test_the_readme_speaks_of_a_device_and_an_organisation_that_the_demo_has(scale: Any) -> None:
    street = plan(scale)
    kangqiao = street.kangqiao
    devices = {device.code for device in install(SEED, kangqiao, fit(SEED, kangqiao, NOW))}
    of_street = bodies(street, NOW.date())
    named = [body["subject"] for body in bodies_sent(ROOT / "README.md") if "subject" in body]
    assert named
    assert set(named) <= devices
    codes = [words[3] for words in commands(ROOT / "README.md") if words[1:3] == ["intake-key", "create"]]
    assert codes == [of_street.serving(kangqiao).code]
