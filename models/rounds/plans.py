"""Acts on plans of rounds: make one with its points, change it, end it. Rounds that have not come follow at once."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.rounds import KINDS, NAME_MAX, POINTS_MAX, Plan, RoundKind, RoundMeasure, check_days, check_plan, invalid
from domain.texts import written
from domain.words import Text
from models.calendar import now, today
from models.facts import record
from models.organisations import Organisation
from models.permits import actor_of, found, permitted, unchanged
from models.territory import Compound

from .making import make_anew, make_rounds
from .points import NewPoint, create_point, living_plan
from .rows import RoundPlan
from .sides import check_may_loosen, check_named

#: What facts tell of a plan.
_TOLD = ("kind", "measure", "every", "times", "window_minutes", "ordered", "asks_photo", "within_m", "starts_on", "ends_on")
_NOWHERE = 0


@dataclass(frozen=True)
class Figures:
    """The figures of a plan that are given; None: as they are (of a new plan: as the kind has them).

    ``within_m`` 0: nobody is asked where they stand.
    """

    measure: RoundMeasure | None = None
    every: int | None = None
    times: Sequence[str] | None = None
    window_minutes: int | None = None
    clause: str | None = None
    ordered: bool | None = None
    asks_photo: bool | None = None
    within_m: int | None = None

    def over(self, plan: Plan) -> Plan:
        """The plan with these figures. Refuses INVALID: see ``check_plan``."""
        given = {each.name: value for each in fields(self) if (value := getattr(self, each.name)) is not None}
        if "times" in given:
            given["times"] = tuple(given["times"])
        if given.get("within_m") == _NOWHERE:
            given["within_m"] = None
        return check_plan(replace(plan, **given))


async def make_plan(
    viewer: Viewer,
    compound_id: str,
    kind: RoundKind,
    *,
    name: str,
    points: Sequence[NewPoint],
    figures: Figures | None = None,
    organisation_id: str | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> RoundPlan:
    """Plan rounds of a compound, from ``starts_on`` (default: today) to ``ends_on`` (none: open), with at least one point.

    ``organisation_id``: who goes; default: whoever does such work in the compound, else the community.
    Refuses NOT_FOUND, FORBIDDEN and INVALID (figures, days, points, an organisation that does not serve the compound).
    """
    async with in_transaction():
        compound = await permitted(Compound, compound_id, viewer, "roundPlanMake", path=("compound_id",))
        plan = (figures or Figures()).over(KINDS[kind].plan)
        check_days(first := starts_on or today(), ends_on, today())
        if not 1 <= len(points) <= POINTS_MAX:
            raise invalid(
                ("points",),
                Text(f"A plan has 1 to {POINTS_MAX} points.", f"每个计划应有 1 到 {POINTS_MAX} 个点位。"),
                Text("Name the points to be scanned.", "请填写要扫描的点位。"),
            )
        if organisation_id is not None:
            await _check_organisation(viewer, organisation_id, compound.id)
        moment = now()
        row = await RoundPlan.create(
            kind=kind,
            name=written(name, "name", NAME_MAX),
            starts_on=first,
            ends_on=ends_on,
            made_at=moment,
            made_until=moment,
            organisation_id=organisation_id,
            compound_id=compound.id,
            street_id=compound.street_id,
            **_columns(plan),
        )
        for number, point in enumerate(points, 1):
            await create_point(viewer, row, point, number, moment, path=("points", str(number - 1)))
        await record(actor_of(viewer), "roundPlanMake", row, after=_told(row))
        await make_rounds([row.id], moment)
        return row


async def amend_plan(
    viewer: Viewer,
    plan_id: str,
    *,
    figures: Figures | None = None,
    name: str | None = None,
    organisation_id: str | None = None,
    ends_on: date | None = None,
    expected_version: int | None = None,
) -> RoundPlan:
    """Change what is given. Rounds whose time has come stay as they are; those to come are made anew.

    What the fire code asks for is changed by the community or the street. Refuses NOT_FOUND, FORBIDDEN, INVALID (as
    ``make_plan``, and who may not), ILLEGAL_MOVE (the plan has ended) and STALE_VERSION.
    """
    async with in_transaction():
        row = await _living(viewer, plan_id, "roundPlanAmend", expected_version)
        check_may_loosen(viewer, "roundPlanAmend", row.kind, row)
        before = _told(row)
        changes: dict[str, Any] = _columns((figures or Figures()).over(row.plan))
        if name is not None:
            changes["name"] = written(name, "name", NAME_MAX)
        if organisation_id is not None:
            await _check_organisation(viewer, organisation_id, row.compound_id)
            changes["organisation_id"] = organisation_id
        if ends_on is not None:
            _check_end(row, ends_on)
            changes["ends_on"] = ends_on
        row.update_from_dict(changes | {"version": row.version + 1})
        await row.save(update_fields=[*changes, "version"])
        await record(actor_of(viewer), "roundPlanAmend", row, before=before, after=_told(row))
        await make_anew(row)
        return row


async def end_plan(
    viewer: Viewer, plan_id: str, *, ends_on: date | None = None, expected_version: int | None = None
) -> RoundPlan:
    """Let the plan end on a day (default: today), its last; a plan that has not begun is never gone.

    A plan that was made by itself does not come back. Refuses NOT_FOUND, FORBIDDEN, INVALID (the day, and who may not),
    ILLEGAL_MOVE (it has ended) and STALE_VERSION.
    """
    async with in_transaction():
        row = await _living(viewer, plan_id, "roundPlanEnd", expected_version)
        check_may_loosen(viewer, "roundPlanEnd", row.kind, row)
        last = ends_on or today()
        if last < row.starts_on and ends_on is None:
            last = row.starts_on - timedelta(days=1)
        else:
            _check_end(row, last)
        before = {"ends_on": row.ends_on and row.ends_on.isoformat()}
        row.ends_on, row.version = last, row.version + 1
        await row.save(update_fields=["ends_on", "version"])
        await record(actor_of(viewer), "roundPlanEnd", row, before=before, after={"ends_on": last.isoformat()})
        await make_anew(row)
        return row


async def _living(viewer: Viewer, plan_id: str, act: str, expected_version: int | None) -> RoundPlan:
    row = await living_plan(viewer, plan_id, act)
    unchanged(row.version, expected_version)
    return row


def _check_end(row: RoundPlan, last: date) -> None:
    first = max(row.starts_on, today())
    if last < first:
        raise invalid(
            ("ends_on",),
            Text(f"The plan cannot end on {last}.", f"结束日期 {last} 无效。"),
            Text(f"Give a day from {first} on: what is past stays as it was.", f"请填写 {first} 及之后的日期。"),
        )


async def _check_organisation(viewer: Viewer, organisation_id: str, compound_id: str) -> None:
    organisation = await found(Organisation, organisation_id, viewer, path=("organisation_id",))
    await check_named(organisation, compound_id, today())


def _columns(plan: Plan) -> dict[str, Any]:
    return {each.name: getattr(plan, each.name) for each in fields(plan)} | {"times": list(plan.times)}


def _told(row: RoundPlan) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in _TOLD}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}
