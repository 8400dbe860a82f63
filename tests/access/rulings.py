"""Rules of the story: figures of streets, compounds, facilities and devices; versions of rules, and what dry runs found."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import models
from domain.alerts import Severity
from domain.alerts.versions import DryRunState, RuleVersionState
from domain.steward import RULES
from domain.steward.definitions import packed

from .story import a_moment, plant, planted

if TYPE_CHECKING:
    from .things import World


async def rulings(world: World) -> None:
    """Figures of each street, compound, facility and device; a street's versions of a rule, and what a dry run found."""
    row, told = world.stored, world.told
    for street in ("north", "south"):
        await _figures(world, street, street, {})
    for compound in "KLMPS":
        place = {"compound_id": row[compound].id}
        street, facility, device = told[compound].street, f"{compound} facility 1", f"{compound} device 1"
        await _figures(world, street, compound, place)
        await _figures(world, street, compound, {"facility_id": row[facility].id, **place}, facility=facility)
        await _figures(world, street, compound, {"device_id": row[device].id, **place}, device=device)
    for street, compounds in (("north", "KLMP"), ("south", "S")):
        for state in RuleVersionState:
            await _version(world, street, compounds, state)


async def _figures(world: World, street: str, owner: str, ids: dict[str, str], *, facility: str = "", device: str = "") -> None:
    columns = {"street_id": world.stored[street].id, **ids}
    made = await models.Threshold.create(**planted(models.Threshold, columns))
    compound = owner if "compound_id" in ids else ""
    of = {"compound": compound, "facility": facility, "device": device}
    links = {"street": world.told[street], **{field: world.told[name] if name else None for field, name in of.items()}}
    world.keep(f"figures {made.id}", made, street, *([compound] if compound else []), links=links)


async def _version(world: World, street: str, compounds: str, state: RuleVersionState) -> None:
    row, told, name = world.stored, world.told, f"{state} rule of {street}"
    definition = packed(RULES["fire_safety.tamper"])
    definition["name"]["en"] = f"~{plant()}~"
    columns = {
        "rule": "fire_safety.tamper",
        "state": state,
        "definition": definition,
        "published_at": None if state is RuleVersionState.DRAFT else a_moment(),
        "retired_at": a_moment() if state is RuleVersionState.RETIRED else None,
        "street_id": row[street].id,
    }
    made = await models.AlertRuleVersion.create(**planted(models.AlertRuleVersion, columns))
    world.keep(name, made, street, links={"street": told[street]})
    officer = f"officer of the {street}"
    columns, kept = world.fact(name, compounds[0], actor=officer, audience="", action="alertRuleDraft", inside=False)
    fact = await models.Fact.create(**columns | {"compound_id": None})
    world.keep(f"fact {fact.id}", fact, street, links={"subject": told[name], "actor": told[officer]}, kept=kept)
    values = told[f"fact {fact.id}"].values
    values["role"] = "COMPANY_STAFF"
    values["before"] = {"accepted_at": columns["before"]["accepted_at"]}
    values["after"] = {each: columns["after"][each] for each in ("outcome", "internal")}
    columns = {
        "state": DryRunState.DONE,
        "since": (since := a_moment()),
        "until": since + timedelta(days=1, microseconds=plant()),
        "finished_at": a_moment(),
        "devices": (devices := plant()),
        "devices_done": min(devices, plant()),
        "cursor": "",
        "version_id": made.id,
        "street_id": row[street].id,
    }
    run = await models.AlertRuleDryRun.create(**planted(models.AlertRuleDryRun, columns))
    world.keep(f"dry run of {name}", run, street, links={"version": told[name]})
    for compound in compounds:
        device = f"{compound} device 1"
        columns = {
            "severity": world.of(Severity),
            "first_seen_at": (first := a_moment()),
            "last_seen_at": first + timedelta(microseconds=plant()),
            "cleared_at": a_moment(day=2),
            "message": {"en": f"~{plant()}~", "zh-CN": f"~{plant()}~"},
            "device_id": row[device].id,
            "dry_run_id": run.id,
            "compound_id": row[compound].id,
            "street_id": row[street].id,
        }
        would = await models.DryRunAlert.create(**planted(models.DryRunAlert, columns))
        links = {"device": told[device], "compound": told[compound], "dryRun": told[f"dry run of {name}"]}
        world.keep(f"would-be alert {would.id}", would, street, links=links)
