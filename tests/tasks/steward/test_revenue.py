"""Income and expenses on real books: what strays, invoices, and cash that runs out."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from tortoise.transactions import in_transaction

from domain.alerts import AlertState
from domain.expenses import ExpenseCategory
from domain.ledger import AccountCode, BookRegime
from models import Alert, LedgerAccount
from models.alerts import set_threshold
from models.budgets import set_budget
from models.expenses import ExpenseDraft, add_supplier, draft, submit, withdraw
from models.facts import Actor
from settings import Settings
from tasks.steward.revenue import find_dry, find_invoices, find_spending
from tests.api.mutating import a_client
from tests.models.analysis_world import last_month, live
from tests.models.ledger.world import BookWorld, a_book_world

pytestmark = pytest.mark.usefixtures("database")

SYSTEM, D = Actor("system:test"), Decimal
_INVOICES = "query ($of: ID!) { doubtfulInvoices(of: $of) { fault expenseIds amount reason } }"


async def open_alerts(rule: str) -> dict[str, Alert]:
    return {alert.subject_id: alert for alert in await Alert.filter(rule=rule, state=AlertState.OPEN)}


async def account_of(world: BookWorld, code: AccountCode) -> str:
    return (await LedgerAccount.get(book_id=world.book.id, code=code)).id


async def test_dear_lifts_are_told_by_name_where_they_are_the_owners_and_over_when_a_street_finds_them_usual() -> None:
    world = await a_book_world(BookRegime.COMMISSION)
    await live(world.book)
    await set_budget(world.manager, world.book.id, last_month().year, AccountCode.LIFT, amount=D(60_000))
    for _ in range(2):
        async with in_transaction():
            await find_spending(datetime.now(UTC))
    lift = await account_of(world, AccountCode.LIFT)
    (alert,) = (await open_alerts("revenue.spending_high")).values()
    assert (alert.subject_id, alert.compound_id, alert.reading["value"]) == (lift, world.compound.id, 4.1)
    assert alert.message["zh-CN"] == f"{world.compound.name}电梯费用（{last_month():%Y-%m}）：支出为往常的 4.1 倍。"
    assert "41000" not in str(alert.message) + str(alert.reading)
    assert lift in await open_alerts("revenue.budget_overrun")
    await set_threshold(SYSTEM, "revenue.spending_high", {"times": 6.0}, world.street)
    await set_budget(world.manager, world.book.id, last_month().year, AccountCode.LIFT, amount=D(600_000))
    async with in_transaction():
        await find_spending(datetime.now(UTC))
    assert await open_alerts("revenue.spending_high") == {} == await open_alerts("revenue.budget_overrun")


async def test_an_alert_names_no_account_of_a_companys_own_money() -> None:
    world = await a_book_world()
    await live(world.book, lift=D("0.01"))
    async with in_transaction():
        await find_spending(datetime.now(UTC) + timedelta(days=12))
    found = [*(await open_alerts("revenue.spending_low")).values(), *(await open_alerts("revenue.spending_high")).values()]
    assert found
    assert all("电梯" not in alert.message["zh-CN"] and "物业账目" in alert.message["zh-CN"] for alert in found)


async def test_an_invoice_entered_twice_and_a_split_are_told_until_they_are_taken_back(settings: Settings) -> None:
    world = await a_book_world()
    supplier = await add_supplier(world.manager, world.company.id, "Lift works")

    async def spent(amount: int, number: str) -> str:
        said = ExpenseDraft(ExpenseCategory.LIFT_REPAIR, D(amount), "Rope", supplier_id=supplier.id, invoice_number=number)
        return (await submit(world.manager, (await draft(world.manager, world.book.id, said)).id)).id

    first, again = await spent(2_100, "00123456"), await spent(2_100, "No. 123456")
    parts = [await spent(900, "7001"), await spent(950, "7002")]
    async with in_transaction():
        await find_invoices(datetime.now(UTC))
    twice, split = await open_alerts("revenue.invoice_twice"), await open_alerts("revenue.invoice_split")
    assert [*twice] == [again]
    assert [*split] == [parts[1]]
    assert all("2100" not in str(alert.reading) + str(alert.message) for alert in (*twice.values(), *split.values()))
    async with a_client(settings, world.officer) as client:
        told = (await client.post(_INVOICES, of=world.compound.id))["data"]["doubtfulInvoices"]
        assert [(each["fault"], each["expenseIds"]) for each in told] == [("SAME_NUMBER", [first, again]), ("SPLIT", parts)]
        client.viewer = world.member
        assert (await client.post(_INVOICES, of=world.compound.id))["data"]["doubtfulInvoices"] == []
    await withdraw(world.manager, again)
    async with in_transaction():
        await find_invoices(datetime.now(UTC))
    assert await open_alerts("revenue.invoice_twice") == {}


async def test_owners_money_that_runs_out_is_told_and_a_companys_is_not() -> None:
    commission, lump = await a_book_world(BookRegime.COMMISSION), await a_book_world()
    for world in (commission, lump):
        await live(world.book, income=49_000, lift=D(10_000))
    async with in_transaction():
        await find_dry(datetime.now(UTC))
    assert [*(await open_alerts("revenue.runs_dry"))] == [await account_of(commission, AccountCode.BANK)]
    assert await Alert.filter(rule="revenue.runs_dry", compound_id=lump.compound.id).count() == 0
