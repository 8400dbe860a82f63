"""The container files are held against the code: no container engine runs where the tests run."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

from settings import Settings
from steward.checks import variable
from tests.command_line import understood_by_the_command_line

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
SETTINGS = {variable(name, field) for name, field in Settings.model_fields.items()}

_INTERPOLATED = re.compile(r"\$\{([A-Z_]+)")


def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))


def example_settings() -> dict[str, str]:
    lines = (DEPLOY / ".env.example").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


OURS = {"migrate", "api", "worker", "clock", "mqtt"}
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
        mounted = {
            "api": ["files:/data/files"],
            "worker": ["files:/data/files"],
            "mqtt": ["./mosquitto/ca.crt:/certificates/ca.crt:ro"],
        }
        assert service.get("volumes", []) == mounted.get(name, [])
        assert service["environment"]["STEWARD_DATA"] == "/data"


def test_every_part_waits_for_migrations_and_healthy_servers() -> None:
    services = compose()["services"]
    for name in OURS:
        needed = {other: how["condition"] for other, how in services[name]["depends_on"].items()}
        assert needed["postgres"] == "service_healthy"
        assert name == "migrate" or needed["migrate"] == "service_completed_successfully"
        assert name == "migrate" or needed["valkey"] == "service_healthy"
    for name in SERVERS:
        assert services[name]["healthcheck"]["test"][0] == "CMD"


def test_postgres_is_told_what_the_embedded_one_is_told_for_reading() -> None:
    assert {"random_page_cost=1.1", "jit=off", "max_connections=200"} <= set(compose()["services"]["postgres"]["command"])


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
    made = "./mosquitto/ca.crt"  # by whoever follows the README
    assert [name for name in mounted if name.startswith(".") and name != made and not (DEPLOY / name).exists()] == []


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
    assert given.pop("STEWARD_MQTT_PASSWORD") == ""
    ours = {name.removeprefix("STEWARD_").lower(): value for name, value in given.items() if name.startswith("STEWARD_")}
    assert Settings.model_validate(ours).production is True


def test_the_example_is_copied_to_a_file_that_git_does_not_keep() -> None:
    assert ".env" in (DEPLOY / ".gitignore").read_text().split()


def test_what_the_broker_must_not_share_is_not_kept_by_git() -> None:
    ignored = (DEPLOY / ".gitignore").read_text().split()
    assert {"mosquitto/passwords", "mosquitto/*.key", "mosquitto/*.crt"} <= set(ignored)
    assert {path.name for path in (DEPLOY / "mosquitto").iterdir()} >= {"mosquitto.conf", "acl"}


def test_the_bridges_of_kubernetes_keep_their_names_and_need_no_rights() -> None:
    wanted = yaml.safe_load((DEPLOY / "kubernetes" / "mqtt.yaml").read_text("utf-8"))
    assert wanted["kind"] == "StatefulSet"
    pod = wanted["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    understood_by_the_command_line(container["args"])
    given = {each["name"]: each for each in container["env"]}
    assert set(given) <= SETTINGS
    assert given["STEWARD_MQTT_CLIENT_ID"]["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.name"
    assert given["STEWARD_MQTT_URL"]["value"].startswith("mqtts://")
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}


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
