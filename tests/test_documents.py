"""What people read is held against what runs: links, examples, commands, settings, metrics, container files."""

from __future__ import annotations

import itertools
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import prometheus_client
import pytest
import typer.main
import yaml
from graphql import parse, validate
from tortoise import connections
from tortoise.transactions import in_transaction

import api.metrics  # noqa: F401  its metrics are compared with those that documents name
from api.events.envelope import EVENTS
from api.schema import SCHEMA
from settings import Settings
from steward.checks import variable
from steward.cli import app
from steward.demo.accounts import DEMO_LOGINS
from steward.demo.devices import install
from steward.demo.facilities import fit
from steward.demo.organisations import bodies
from steward.demo.street import SEED, plan

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
PAGES = sorted([*ROOT.glob("*.md"), *DEPLOY.rglob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").rglob("*.md")])

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
_VARIABLE = re.compile(r"\b(?:STEWARD_[A-Z_]*[A-Z]|DATABASE_URL|REDIS_URL)\b")
_INTERPOLATED = re.compile(r"\$\{([A-Z_]+)")

#: Any moment: codes of the demo do not depend on it.
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
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
    indexes = [ROOT / "docs" / "README.md", ROOT / "docs" / "decisions" / "README.md"]
    listed = {(index.parent / link).resolve() for index in indexes for link in _LINK.findall(index.read_text("utf-8"))}
    assert [name_of(page) for page in PAGES if page.is_relative_to(ROOT / "docs") and page not in {*listed, indexes[0]}] == []


@pages
def test_every_graphql_example_is_valid(page: Path) -> None:
    examples = [*fenced(page, "graphql"), *(body["query"] for body in bodies_sent(page) if "query" in body)]
    for example in examples:
        assert [error.message for error in validate(SCHEMA, parse(example))] == [], example


@pages
def test_every_event_example_is_taken_by_the_models_of_the_intake(page: Path) -> None:
    shown = [json.loads(text) for text in fenced(page, "json") if '"specversion"' in text]
    sent = [body for body in bodies_sent(page) if "specversion" in body]
    for event in [*shown, *sent]:
        EVENTS[event["type"]].model_validate(event)


@pages
def test_every_json_example_is_json(page: Path) -> None:
    for text in fenced(page, "json"):
        json.loads(text)


@pages
def test_every_command_of_steward_and_make_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
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


def understood_by_the_command_line(words: list[str]) -> None:
    """Fails unless the words are a command with its arguments and options. Runs nothing."""
    command: click.Command = typer.main.get_command(app)
    context = click.Context(command)
    while isinstance(command, click.Group):
        name, command_or_none, words = command.resolve_command(context, words)
        assert command_or_none is not None
        assert name
        command = command_or_none
        context = click.Context(command, parent=context)
    command.make_context("steward", list(words), resilient_parsing=False)


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
    codes = [words[3] for words in commands(ROOT / "README.md") if words[1:3] == ["key", "create"]]
    assert codes == [of_street.serving(kangqiao).code]


# --- deploy/ -------------------------------------------------------------------------------------------------------


def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))


def example_settings() -> dict[str, str]:
    lines = (DEPLOY / ".env.example").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


OURS = {"migrate", "api", "worker", "clock"}
SERVERS = {"postgres", "valkey", "mosquitto"}


def test_compose_runs_our_parts_on_three_servers() -> None:
    assert set(compose()["services"]) == OURS | SERVERS
    for name in OURS:
        service = compose()["services"][name]
        assert service["image"] == "steward:local"
        understood_by_the_command_line(service["command"])


def test_our_containers_need_no_rights_and_write_nowhere() -> None:
    for name in OURS:
        service = compose()["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert "volumes" not in service


def test_every_part_waits_for_migrations_and_healthy_servers() -> None:
    services = compose()["services"]
    for name in OURS:
        needed = {other: how["condition"] for other, how in services[name]["depends_on"].items()}
        assert needed["postgres"] == "service_healthy"
        assert name == "migrate" or needed["migrate"] == "service_completed_successfully"
        assert name == "migrate" or needed["valkey"] == "service_healthy"
    for name in SERVERS:
        assert services[name]["healthcheck"]["test"][0] == "CMD"


def test_every_service_comes_back_but_the_one_shot() -> None:
    policies = {name: service["restart"] for name, service in compose()["services"].items()}
    assert policies.pop("migrate") == "no"
    assert set(policies.values()) == {"unless-stopped"}


def test_no_server_is_reached_from_outside_and_the_api_by_this_machine_only() -> None:
    services = compose()["services"]
    assert compose()["networks"]["inside"] == {"internal": True}
    assert {name for name, service in services.items() if "ports" in service} == {"api"}
    assert all(port.startswith("127.0.0.1:") for port in services["api"]["ports"])
    for name in SERVERS:
        assert services[name]["networks"] == ["inside"]


def test_every_volume_and_file_that_is_mounted_is_there() -> None:
    volumes = compose()["volumes"]
    mounted = [mount.split(":")[0] for service in compose()["services"].values() for mount in service.get("volumes", [])]
    assert {name for name in mounted if not name.startswith(".")} == set(volumes)
    assert [name for name in mounted if name.startswith(".") and not (DEPLOY / name).is_file()] == []


def test_every_variable_given_to_our_parts_is_a_setting() -> None:
    for name in OURS:
        assert set(compose()["services"][name]["environment"]) <= SETTINGS
    assert {name for name in example_settings() if name.startswith("STEWARD_")} <= SETTINGS


def test_the_example_of_settings_has_what_compose_asks_for_and_nothing_unused() -> None:
    asked = set(_INTERPOLATED.findall((DEPLOY / "compose.yaml").read_text("utf-8")))
    assert asked <= set(example_settings())
    assert set(example_settings()) <= asked | SETTINGS


def test_the_example_of_settings_holds_no_secret_and_is_otherwise_valid() -> None:
    given = example_settings()
    assert given.pop("STEWARD_SECRET_KEY") == ""
    assert given.pop("POSTGRES_PASSWORD") == ""
    ours = {name.removeprefix("STEWARD_").lower(): value for name, value in given.items() if name.startswith("STEWARD_")}
    assert Settings.model_validate(ours).production is True


def test_the_example_is_copied_to_a_file_that_git_does_not_keep() -> None:
    assert ".env" in (DEPLOY / ".gitignore").read_text().split()


def test_no_image_is_taken_from_a_named_registry() -> None:
    images = [service["image"] for service in compose()["services"].values()]
    images += re.findall(r"^FROM (\S+)", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    assert [image for image in images if "." in image.partition("/")[0] and "/" in image] == []


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order, with what follows each."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE).replace("\\\n", " ")
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1].strip()) for line in text.splitlines() if line.strip()]


def test_the_image_copies_every_package_and_only_what_exists() -> None:
    copied = {words.split()[0] for name, words in instructions() if name == "COPY" and not words.startswith("--from")}
    copied |= {word for name, words in instructions() if name == "COPY" for word in words.split()[:-1] if "." in word}
    assert {name for name in copied if not (ROOT / name).exists()} == set()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = {name.rstrip("*") for name in project["tool"]["setuptools"]["packages"]["find"]["include"]}
    modules = {f"{name}.py" for name in project["tool"]["setuptools"]["py-modules"]}
    assert packages | modules | {"constraints.txt", "pyproject.toml"} == copied
    sent = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line.startswith("!")}
    assert sent == copied


def test_the_image_installs_by_hash_and_builds_graphiql() -> None:
    runs = " ".join(words for name, words in instructions() if name == "RUN")
    assert "--require-hashes --requirement constraints.txt" in runs
    assert "-m api.graphiql.build" in runs
    assert (ROOT / "api" / "graphiql" / "build.py").is_file()


def test_the_image_has_two_stages_on_the_python_that_the_project_asks_for() -> None:
    stages = [words for name, words in instructions() if name == "FROM"]
    assert stages == ["python:3.11-slim AS builder", "python:3.11-slim"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == ">=3.11,<3.12"


def test_the_image_runs_as_an_ordinary_user_and_says_how_it_is_asked_and_stopped() -> None:
    last_stage = instructions()[max(n for n, (name, _) in enumerate(instructions()) if name == "FROM") :]
    said = dict(last_stage)
    assert said["USER"] == "steward"
    assert said["STOPSIGNAL"] == "SIGTERM"
    assert "/healthz" in said["HEALTHCHECK"]
    assert json.loads(said["ENTRYPOINT"]) == ["python", "-m", "steward"]
    understood_by_the_command_line(json.loads(said["CMD"]))
