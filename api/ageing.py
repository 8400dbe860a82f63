"""Ageing: what is past due by band, of books, and of the homes of one."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.errors import refuse
from domain.arrears.ageing import ArrearsBand, Sum
from domain.money import Money
from domain.refusals import Refused
from models.arrears import ageing, homes_in_arrears

graphql_enum(ArrearsBand)

_PAGE_MAX = 100
Info = strawberry.Info[Context, None]


@strawberry.type(description="What is past due in one band (账龄段).")
class ArrearsSum:
    band: ArrearsBand = strawberry.field(description="For how long (账龄).")
    homes: int = strawberry.field(description="How many homes (户数); a home counts in each band in which it owes.")
    amount: Money = strawberry.field(description="How much (金额).")


@strawberry.type(description="What is past due today in one book (账龄分析).")
class ArrearsAgeing:
    book_id: strawberry.ID = strawberry.field(description="Book (账套): ask `node` for more of it.")
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区).")
    organisation_id: strawberry.ID = strawberry.field(description="Who keeps the book (建账单位).")
    homes: int = strawberry.field(description="How many homes owe anything that is past due (户数).")
    amount: Money = strawberry.field(description="How much in all (金额).")
    bands: list[ArrearsSum] | None = strawberry.field(
        description="By band (各账龄段), empty ones left out; null: one has so few homes that only who reads their bills is told."
    )


@strawberry.type(description="What one home owes that is past due (欠费户).")
class HomeInArrears:
    home_id: strawberry.ID = strawberry.field(description="Home (房屋): ask `node` for more of it.")
    code: str = strawberry.field(description="Its code (编码).")
    name: str = strawberry.field(description="Its name (名称).")
    due_on: date = strawberry.field(description="When the oldest of it was due (最早应缴日).")
    case_id: strawberry.ID | None = strawberry.field(
        description="Its case (欠费催缴); null: nobody has reminded it, or the viewer may not see it."
    )
    amounts: list["ArrearsAmount"] = strawberry.field(description="How much, by band (各账龄段金额).")


@strawberry.type(description="How much of what a home owes is in a band (账龄段金额).")
class ArrearsAmount:
    band: ArrearsBand = strawberry.field(description="For how long (账龄).")
    amount: Money = strawberry.field(description="How much (金额).")


@strawberry.type(description="A page of homes with something past due (欠费户清单), the oldest debt first.")
class HomesInArrears:
    homes: list[HomeInArrears] = strawberry.field(description="Those of this page (本页).")
    end_cursor: str | None = strawberry.field(description="For `after`: where the next page begins; null: there is none.")


async def _arrears_ageing(
    info: Info,
    compound_id: Annotated[strawberry.ID | None, strawberry.argument(description="Only of this compound (小区).")] = None,
    organisation_id: Annotated[
        strawberry.ID | None, strawberry.argument(description="Only of books of this organisation (单位).")
    ] = None,
) -> list[ArrearsAgeing]:
    found = await ageing(info.context.viewer, compound_id=compound_id, organisation_id=organisation_id)
    return [
        ArrearsAgeing(
            book_id=strawberry.ID(book_id),
            compound_id=strawberry.ID(compound),
            organisation_id=strawberry.ID(organisation),
            homes=aged.total.homes,
            amount=Money(aged.total.amount),
            bands=None if aged.bands is None else _sums(aged.bands),
        )
        for book_id, compound, organisation, aged in found
    ]


def _sums(bands: Mapping[ArrearsBand, Sum]) -> list[ArrearsSum]:
    order = list(ArrearsBand)
    found = sorted(bands.items(), key=lambda each: order.index(each[0]))
    return [ArrearsSum(band=band, homes=each.homes, amount=Money(each.amount)) for band, each in found]


async def _homes_in_arrears(
    info: Info,
    book_id: Annotated[strawberry.ID, strawberry.argument(description="Book (账套).")],
    band: Annotated[
        ArrearsBand | None, strawberry.argument(description="Only homes whose oldest debt is in this band (账龄).")
    ] = None,
    first: Annotated[int, strawberry.argument(description=f"At most this many, 1 to {_PAGE_MAX}.")] = 20,
    after: Annotated[str | None, strawberry.argument(description="The `endCursor` of the page before.")] = None,
) -> HomesInArrears:
    if not 1 <= first <= _PAGE_MAX:
        raise refuse("BAD_USER_INPUT", f"first: from 1 to {_PAGE_MAX}; it is {first}.")
    try:
        found = await homes_in_arrears(info.context.viewer, book_id, band=band, first=first + 1, after=_after(after))
    except Refused:
        found = []
    more = len(found) > first
    page = found[:first]
    return HomesInArrears(
        homes=[
            HomeInArrears(
                home_id=strawberry.ID(each.home_id),
                code=each.code,
                name=each.name,
                due_on=each.due_on,
                case_id=strawberry.ID(each.case_id) if each.case_id else None,
                amounts=[ArrearsAmount(band=band, amount=Money(amount)) for band, amount in each.amounts.items()],
            )
            for each in page
        ],
        end_cursor=f"{page[-1].due_on}~{page[-1].home_id}" if more else None,
    )


def _after(cursor: str | None) -> tuple[date, str] | None:
    """Raises BAD_USER_INPUT for what is no cursor of this list."""
    if cursor is None:
        return None
    day, _, home_id = cursor.partition("~")
    try:
        return date.fromisoformat(day), home_id
    except ValueError:
        raise refuse("BAD_USER_INPUT", "after: the endCursor of the page before.") from None


arrears_ageing = strawberry.field(
    _arrears_ageing,
    description="What is past due today (账龄分析), by book; sums over few homes only to who may read their bills.",
)
homes_in_arrears_field = strawberry.field(
    _homes_in_arrears,
    description="Homes of a book with something past due (欠费户清单); empty for who may not read each home's bills.",
)
