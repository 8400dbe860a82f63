"""Coverage counted, by month, and the compounds that still lack something; what counts is in domain/coverage.py."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.errors import refuse
from domain.coverage import CoverageAspect, CoverageBy, month_ends, percent
from domain.territory import CompoundKind
from models.calendar import today
from models.coverage import Among, Covered, count_covered, lacking

for _word in (CoverageAspect, CoverageBy, CompoundKind):
    graphql_enum(_word)

MONTHS_MAX = 60
_PAGE_MAX = 100
Info = strawberry.Info[Context, None]


@strawberry.input(description="Which compounds are asked about; nothing: all that the viewer sees.")
class AmongInput:
    kind: CompoundKind | None = strawberry.field(description="Only of this kind (类别).", default=None)
    community_id: strawberry.ID | None = strawberry.field(
        description="Only of this community or village (社区、村).", default=None
    )


_Among = Annotated[AmongInput | None, strawberry.argument(description="Which compounds (范围); none: all that the viewer sees.")]
_By = Annotated[list[CoverageBy], strawberry.argument(description="What to tell apart by (分组); empty: all in one.")]


@strawberry.type(description="How many compounds have one thing (单项覆盖).")
class AspectCoverage:
    aspect: CoverageAspect = strawberry.field(description="What (覆盖类别).")
    covered: int = strawberry.field(description="How many have it (已覆盖).")
    lacking: int = strawberry.field(description="How many lack it (未覆盖).")
    percent: Decimal = strawberry.field(description="Of a hundred so many have it (覆盖率), to one place.")


@strawberry.type(description="Coverage (覆盖) on a day: of today's compounds that the viewer sees, how many had what then.")
class Coverage:
    on: date = strawberry.field(description="The day (日期).")
    street_id: strawberry.ID | None = strawberry.field(description="Street (街道); null where streets are not told apart.")
    community_id: strawberry.ID | None = strawberry.field(
        description="Community or village (社区、村); null where they are not told apart."
    )
    community_name: str | None = strawberry.field(description="Its name (社区、村名称).")
    kind: CompoundKind | None = strawberry.field(description="Kind (类别); null where kinds are not told apart.")
    compounds: int = strawberry.field(description="How many compounds there are (小区数).")
    aspects: list[AspectCoverage] = strawberry.field(description="What they had (各项覆盖).")


@strawberry.type(description="A compound that lacks something (未覆盖小区).")
class LackingCompound:
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区): ask `nodes` for more of it.")
    code: str = strawberry.field(description="Its code (编码).")
    name: str = strawberry.field(description="Its name (名称).")
    kind: CompoundKind = strawberry.field(description="Its kind (类别).")
    community_id: strawberry.ID = strawberry.field(description="Its community or village (社区、村).")
    community_name: str = strawberry.field(description="Name of that (社区、村名称).")


@strawberry.type(description="A page of the compounds that lack something (未覆盖清单), by code.")
class Lacking:
    total: int = strawberry.field(description="How many lack it in all (总数).")
    compounds: list[LackingCompound] = strawberry.field(description="Those of this page (本页小区).")
    end_cursor: str | None = strawberry.field(description="For `after`: where the next page begins; null: there is none.")


def _of(among: AmongInput | None) -> Among:
    return Among(among.kind, among.community_id) if among else Among()


def _told(counted: Sequence[Covered]) -> list[Coverage]:
    return [
        Coverage(
            on=each.on,
            street_id=strawberry.ID(each.street_id) if each.street_id else None,
            community_id=strawberry.ID(each.community_id) if each.community_id else None,
            community_name=each.community_name,
            kind=each.kind,
            compounds=each.compounds,
            aspects=[
                AspectCoverage(
                    aspect=aspect,
                    covered=covered,
                    lacking=each.compounds - covered,
                    percent=percent(covered, each.compounds),
                )
                for aspect, covered in each.covered.items()
            ],
        )
        for each in counted
    ]


_On = Annotated[date | None, strawberry.argument(description="The day (日期); none: today. Of days to come, as far as is known.")]
_Until = Annotated[date | None, strawberry.argument(description="The day at which it ends (截止日期); none: today.")]
_Months = Annotated[int, strawberry.argument(description=f"How many months (月数), 1 to {MONTHS_MAX}.")]


def months_of(months: int) -> int:
    """How many months are asked for. Raises BAD_USER_INPUT where that is none or too many."""
    if not 1 <= months <= MONTHS_MAX:
        raise refuse("BAD_USER_INPUT", f"months: from 1 to {MONTHS_MAX}; it is {months}.")
    return months


async def _coverage(info: Info, on: _On = None, by: _By = [], among: _Among = None) -> list[Coverage]:  # noqa: B006
    return _told(await count_covered(info.context.viewer, [on or today()], by, _of(among)))


async def _coverage_trend(info: Info, months: _Months = 12, until: _Until = None, among: _Among = None) -> list[Coverage]:
    days = month_ends(until or today(), months_of(months))
    return _told(await count_covered(info.context.viewer, days, (), _of(among)))


async def _lacking(
    info: Info,
    aspect: Annotated[CoverageAspect, strawberry.argument(description="What they lack (覆盖类别).")],
    on: _On = None,
    among: _Among = None,
    first: Annotated[int, strawberry.argument(description=f"At most this many, 1 to {_PAGE_MAX}.")] = 20,
    after: Annotated[str | None, strawberry.argument(description="The `endCursor` of the page before.")] = None,
) -> Lacking:
    if not 1 <= first <= _PAGE_MAX:
        raise refuse("BAD_USER_INPUT", f"first: from 1 to {_PAGE_MAX}; it is {first}.")
    given = (info.context.viewer, aspect, on or today(), _of(among))
    found, total = await lacking(*given, first=first + 1, after=after)
    return Lacking(
        total=total,
        compounds=[
            LackingCompound(
                compound_id=strawberry.ID(each.compound_id),
                code=each.code,
                name=each.name,
                kind=each.kind,
                community_id=strawberry.ID(each.community_id),
                community_name=each.community_name,
            )
            for each in found[:first]
        ],
        end_cursor=found[first - 1].code if len(found) > first else None,
    )


coverage = strawberry.field(
    _coverage,
    description="Coverage (覆盖) on any day: how many of the compounds that the viewer sees had what.",
)
coverage_trend = strawberry.field(
    _coverage_trend,
    description="Coverage at the ends of months (覆盖趋势), the last month up to today or the day that is named.",
)
lacking_compounds = strawberry.field(
    _lacking, description="The compounds that the viewer sees and that lack something (未覆盖清单)."
)
