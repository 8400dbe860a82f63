"""For how long facilities could be used, as the schema tells it."""

from datetime import datetime, timedelta
from typing import Annotated, Any

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.errors import refuse
from domain.facilities import FacilityKind, FacilityStatus
from domain.facilities.downtime import DOWN, AvailabilityPer, Spell, Use, use
from domain.refusals import RefusalCode, Refused
from models.facilities.availability import availability, downtime, names_of

Info = strawberry.Info[Context, Any]
graphql_enum(FacilityKind)
graphql_enum(FacilityStatus)
graphql_enum(AvailabilityPer)

_KNOWN = "Seconds for which its status is known and it was not taken out for good (统计时长)."
_OUT, _MAINTAINED = "Seconds out of service (停用时长).", "Seconds under maintenance (维保时长)."
_DEGRADED = "Seconds for which it worked with limits (带病运行时长): it counts as available."
_SHARE = "Share of the known time in which it could be used (可用率), 0 to 1; null: nothing is known."
_FROM = Annotated[datetime, strawberry.argument(name="from", description="When the period begins (开始时间).")]
_TO = Annotated[
    datetime | None, strawberry.argument(name="to", description="When it ends (结束时间), not included; default: now.")
]


@strawberry.type(description="A time for which a facility had one status (状态时段).")
class FacilitySpell:
    status: FacilityStatus = strawberry.field(description="Status (状态).")
    starts_at: datetime = strawberry.field(description="When it began (开始时间), or the period did.")
    ends_at: datetime = strawberry.field(description="When it ended (结束时间), or the period did.")
    seconds: int = strawberry.field(description="How long it was (时长).")
    going_on: bool = strawberry.field(description="Whether it had not ended at the end of the period (持续中).")


@strawberry.type(description="For how long a facility could not be used in a period (停用统计).")
class FacilityDowntime:
    known_seconds: int = strawberry.field(description=_KNOWN)
    down_seconds: int = strawberry.field(description="Seconds out of service or under maintenance (停用与维保时长).")
    out_seconds: int = strawberry.field(description=_OUT)
    maintenance_seconds: int = strawberry.field(description=_MAINTAINED)
    degraded_seconds: int = strawberry.field(description=_DEGRADED)
    availability: float | None = strawberry.field(description=_SHARE)
    longest_down_seconds: int = strawberry.field(description="Seconds of the longest time without use (最长停用时长).")
    spells: list[FacilitySpell] = strawberry.field(description="How it was (状态时段), in order.")


@strawberry.type(description="How much of a period the facilities of a group could be used (可用率统计).")
class FacilityAvailability:
    key: strawberry.ID = strawberry.field(description="Id of the street or compound; the kind.")
    name: str = strawberry.field(description="What it is called (名称).")
    facilities: int = strawberry.field(description="Facilities whose status is known (设施数).")
    ever_down: int = strawberry.field(description="How many of them were ever down (发生停用的设施数).")
    known_seconds: int = strawberry.field(description=_KNOWN)
    down_seconds: int = strawberry.field(description="Seconds out of service or under maintenance (停用与维保时长).")
    out_seconds: int = strawberry.field(description=_OUT)
    maintenance_seconds: int = strawberry.field(description=_MAINTAINED)
    degraded_seconds: int = strawberry.field(description=_DEGRADED)
    availability: float | None = strawberry.field(description=_SHARE)


def _seconds(told: Use) -> dict[str, Any]:
    return {
        "known_seconds": _whole(told.known),
        "down_seconds": _whole(told.down),
        "out_seconds": _whole(told.out),
        "maintenance_seconds": _whole(told.maintained),
        "degraded_seconds": _whole(told.degraded),
        "availability": told.availability,
    }


def _whole(length: timedelta) -> int:
    return round(length.total_seconds())


def _longest_down(told: list[Spell]) -> timedelta:
    """The longest time on end, maintenance included."""
    longest = run = timedelta(0)
    for spell in told:
        run = run + spell.length if spell.status in DOWN else timedelta(0)
        longest = max(longest, run)
    return longest


async def _downtime(
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="Facility (设施).")],
    start: _FROM,
    end: _TO = None,
) -> FacilityDowntime | None:
    try:
        told = await downtime(info.context.viewer, id, start, end)
    except Refused as refused:
        if refused.code is RefusalCode.NOT_FOUND:
            return None
        raise _said(refused, info) from refused
    return FacilityDowntime(
        **_seconds(use(told)),
        longest_down_seconds=_whole(_longest_down(told)),
        spells=[
            FacilitySpell(
                status=spell.status,
                starts_at=spell.starts,
                ends_at=spell.ends,
                seconds=_whole(spell.length),
                going_on=spell.going_on,
            )
            for spell in told
        ],
    )


async def _availability(
    info: Info,
    start: _FROM,
    end: _TO = None,
    per: Annotated[AvailabilityPer, strawberry.argument(description="By what it is told (汇总方式).")] = AvailabilityPer.KIND,
    kinds: Annotated[list[FacilityKind] | None, strawberry.argument(description="Only these kinds (类别).")] = None,
    compound_id: Annotated[strawberry.ID | None, strawberry.argument(description="Only in this compound (小区).")] = None,
) -> list[FacilityAvailability]:
    try:
        shares = await availability(info.context.viewer, start, end, per=per, kinds=kinds, compound_id=compound_id)
    except Refused as refused:
        if refused.code is RefusalCode.NOT_FOUND:
            return []
        raise _said(refused, info) from refused
    english = info.context.language.lower().startswith("en")
    names = await names_of([share.key for share in shares]) if per is not AvailabilityPer.KIND else {}
    return [
        FacilityAvailability(
            key=strawberry.ID(share.key),
            name=names.get(share.key) or (share.key.replace("_", " ").capitalize() if english else FacilityKind(share.key).zh),
            facilities=share.facilities,
            ever_down=share.ever_down,
            **_seconds(share.use),
        )
        for share in shares
    ]


def _said(refused: Refused, info: Info) -> Exception:
    return refuse("BAD_USER_INPUT", " ".join(text.say(info.context.language) for text in (refused.message, refused.hint)))


facility_downtime = strawberry.field(
    _downtime,
    description="How a facility was in a period (停用统计): each time of one status, and its availability;"
    " null where the viewer sees no such facility.",
)
facility_availability = strawberry.field(
    _availability,
    description="How much of a period the facilities that the viewer sees could be used (可用率统计).",
)
