"""Income and expenses, cash and what strays, as officer, company and committee are told of them."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from domain.access import Role, Viewer
from domain.ledger import BookRegime
from models.calendar import today
from models.ledger import open_book
from settings import Settings
from tests.api.mutating import Client, a_client
from tests.builders import a_building, a_company_serving, a_compound, a_home, a_unit
from tests.models.analysis_world import DEAR, last_month, live, months_before
from tests.models.ledger.world import BookWorld, a_book_world
from tests.models.ticket_world import somebody

D = Decimal
_ALL = """
query ($of: ID!, $since: Date!, $until: Date!, $by: [AnalysisBy!]!, $funds: [Fund!]) {
  incomeAndExpense(of: $of, since: $since, until: $until, by: $by, funds: $funds) {
    since until compounds homes areaM2 size
    total { income expense net incomeBudget expenseBudget expenseOfBudget expenseYearBefore expenseChange expensePerHome }
    lines { period account compoundId compoundName income expense expenseYearBefore expenseBudget }
    collection { billed paid rate } funds { fund opening income cost used closing } peers { account own count median }
  }
}
"""
_CASH = """
query ($book: ID!, $fund: Fund, $months: Int, $what: WhatIfInput) {
  cashForecast(bookId: $book, fund: $fund, months: $months, whatIf: $what) {
    fund opening months { month comesIn goesOut closing low high } knownMonths intervalPercent
    runsDryIn runsDryEarliest runsDryLatest
  }
}
"""
_STRAYS = """
query ($of: ID!, $months: Int) {
  spendingAnomalies(of: $of, months: $months) { kind rule compoundName bookId accountId account month amount usual times reason }
}
"""


async def _told(client: Client, viewer: Viewer, query: str, **given: Any) -> Any:
    client.viewer = viewer
    answer = await client.post(query, **given)
    assert "errors" not in answer, answer
    (data,) = answer["data"].values()
    return data


def _asked(world: BookWorld, *by: str, of: str = "", funds: list[str] | None = None) -> Mapping[str, Any]:
    since, until = months_before()[-12].isoformat(), today().replace(day=1) - timedelta(days=1)
    return {"of": of or world.compound.id, "since": since, "until": until.isoformat(), "by": by, "funds": funds}


async def test_the_books_are_added_up_beside_budget_and_the_year_before(settings: Settings, database: str) -> None:
    world = await a_book_world()
    await live(world.book)
    async with a_client(settings, world.manager) as client:
        given = {"bookId": world.book.id, "year": today().year, "account": "LIFT", "months": ["10000.00"] * 12}
        assert (await client.act("budgetSet", "book { budgetLines { totalCount } }", **given))["book"]
        told = await _told(client, world.manager, _ALL, **_asked(world, "MONTH"))
        assert (told["since"], told["compounds"], told["homes"], len(told["lines"])) == (
            months_before()[-12].isoformat(),
            1,
            world.compound.home_count or 3,
            12,
        )
        spent = sum(D(line["expense"]) for line in told["lines"])
        assert D(told["total"]["expense"]) == spent
        assert D(told["total"]["net"]) == D(told["total"]["income"]) - spent
        by_account = await _told(client, world.manager, _ALL, **_asked(world, "ACCOUNT"))
        lift = next(line for line in by_account["lines"] if line["account"] == "LIFT")
        assert D(lift["expense"]) > D(lift["expenseYearBefore"]) >= 10_000 * (today().month - 1)
        assert sum(D(line["expense"]) for line in by_account["lines"]) == spent
        month = next(line for line in told["lines"] if line["period"] == last_month().isoformat())
        if last_month().year == today().year:
            assert D(month["expenseBudget"]) == 10_000
        (common,) = [fund for fund in told["funds"] if fund["fund"] == "COMMON_AREA"]
        assert (D(common["income"]), D(common["used"])) == (36_000, 12_000)
        assert D(common["closing"]) == D(common["opening"]) + 24_000
        assert told["collection"] == {"billed": "0.00", "paid": "0.00", "rate": None}
        for wrong in ({"since": "2015-01-01"}, {"by": ["MONTH", "YEAR"]}):
            answer = await client.post(_ALL, **{**_asked(world), **wrong})
            assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_the_committee_is_told_of_the_owners_money_only_and_others_of_nothing(settings: Settings, database: str) -> None:
    world = await a_book_world()
    await live(world.book)
    other = await a_company_serving(await a_compound(world.community))
    stranger = await somebody(Role.COMPANY_MANAGER, organisation=other)
    resident = await somebody(Role.RESIDENT, home=world.homes[0])
    async with a_client(settings, world.member) as client:
        told = await _told(client, world.member, _ALL, **_asked(world, "ACCOUNT"))
        assert {line["account"] for line in told["lines"]} == {"COMMON_RENT", "COMMON_USE"}
        assert (told["collection"], told["peers"]) == (None, [])
        assert await _told(client, world.member, _STRAYS, of=world.compound.id) == []
        assert await _told(client, world.member, _CASH, book=world.book.id) is None
        common = await _told(client, world.member, _CASH, book=world.book.id, fund="COMMON_AREA")
        assert common["runsDryIn"] is None
        for nobody in (stranger, resident):
            assert await _told(client, nobody, _ALL, **_asked(world)) is None
            assert await _told(client, nobody, _STRAYS, of=world.compound.id) == []
            assert await _told(client, nobody, _CASH, book=world.book.id, fund="COMMON_AREA") is None
        officer = await _told(client, world.officer, _ALL, **_asked(world, "COMPOUND", of=world.street.id))
        assert [line["compoundId"] for line in officer["lines"]] == [world.compound.id]
        mine = await _told(client, world.officer, _ALL, **_asked(world, funds=["COMMON_AREA"]))
        assert D(mine["total"]["income"]) == 36_000


async def test_of_money_that_is_the_owners_the_committee_is_told_all(settings: Settings, database: str) -> None:
    world = await a_book_world(BookRegime.COMMISSION)
    await live(world.book)
    async with a_client(settings, world.member) as client:
        told = await _told(client, world.member, _ALL, **_asked(world, "ACCOUNT"))
        assert {line["account"] for line in told["lines"]} >= {"SERVICE_INCOME", "STAFF", "LIFT"}
        (found,) = await _told(client, world.member, _STRAYS, of=world.compound.id, months=1)
        assert (found["kind"], found["account"], found["rule"]) == ("HIGH", "LIFT", "revenue.spending_high")
        assert (D(found["amount"]), found["month"]) == (DEAR, last_month().isoformat())
        assert found["reason"].startswith("Lift 4.1× the usual ")
        client.language = "zh-CN"
        (found,) = await _told(client, world.member, _STRAYS, of=world.book.id, months=1)
        assert "电梯费用" in found["reason"]


async def test_cash_is_foretold_and_what_if_is_asked(settings: Settings, database: str) -> None:
    world = await a_book_world()
    await live(world.book, income=50_000, lift=D(10_000))
    async with a_client(settings, world.manager) as client:
        told = await _told(client, world.manager, _CASH, book=world.book.id)
        closing = D(told["opening"])
        for month in told["months"]:
            closing += D(month["comesIn"]) - D(month["goesOut"])
            assert D(month["closing"]) == closing
            assert D(month["low"]) <= closing <= D(month["high"])
        assert (len(told["months"]), told["knownMonths"], told["intervalPercent"]) == (12, len(months_before()), 80)
        assert told["months"][0]["month"] == today().replace(day=1).isoformat()
        assert told["runsDryIn"] is not None
        dearer = await _told(client, world.manager, _CASH, book=world.book.id, what={"pricePercent": "50"})
        assert D(dearer["months"][-1]["closing"]) > closing
        for wrong in ({"months": 25}, {"what": {"pricePercent": "500"}}, {"what": {"collectionRate": "90"}}):
            answer = await client.post(_CASH, book=world.book.id, **wrong)
            assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT", answer


async def test_a_compound_is_told_beside_five_of_its_kind_and_size_and_not_beside_four(settings: Settings, database: str) -> None:
    world = await a_book_world()
    await live(world.book, rent=0)
    asked = _asked(world, "ACCOUNT")
    async with a_client(settings, world.manager) as client:
        for others in range(1, 6):
            compound = await a_compound(world.community)
            unit = await a_unit(await a_building(compound))
            for _ in world.homes:
                await a_home(unit)
            company = await a_company_serving(compound)
            keeper = await somebody(Role.COMPANY_MANAGER, organisation=company)
            book = await open_book(keeper, compound.id, company.id, BookRegime.LUMP_SUM, opened_on=world.book.opened_on)
            await live(book, rent=0, lift=D(10_000))
            if others == 4:
                assert (await _told(client, world.manager, _ALL, **asked))["peers"] == []
        peers = {each["account"]: each for each in (await _told(client, world.manager, _ALL, **asked))["peers"]}
        assert set(peers) == {None, "LIFT", "STAFF"}
        assert peers["LIFT"]["count"] == 5
        assert D(peers["LIFT"]["own"]) > D(peers["LIFT"]["median"]) > 0
