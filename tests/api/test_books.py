"""The story of a compound's books, told through GraphQL: who keeps them, what is spent, and what each of the others may see."""

from collections.abc import AsyncGenerator
from decimal import Decimal

import pytest
from tortoise.transactions import in_transaction

from domain.ledger import AccountCode, EntryKind, Line
from models.calendar import today
from models.facts import Actor
from models.ledger import post
from settings import Settings
from tests.api.mutating import Client, a_client
from tests.models.ledger.world import BookWorld, a_book_world


@pytest.fixture
async def world(database: Settings) -> BookWorld:
    return await a_book_world()


@pytest.fixture
async def client(database: Settings, world: BookWorld) -> AsyncGenerator[Client]:
    async with a_client(database, world.cashier) as made:
        yield made


async def test_a_year_of_books_is_kept_closed_and_read(client: Client, world: BookWorld) -> None:
    book, first = world.book.id, world.book.opened_on
    client.viewer = world.manager
    balances = [{"account": "BANK", "balance": "5000.00"}, {"account": "COMMON_BANK", "balance": "700.00"}]
    opened = await client.act("balancesOpen", "journalEntry { number kind bookedOn }", bookId=book, balances=balances)
    assert opened["journalEntry"] == {"number": 1, "kind": "OPENING", "bookedOn": first.isoformat()}
    twice = await client.act("balancesOpen", "journalEntry { id }", bookId=book, balances=balances[:1] * 2)
    assert [each["field"] for each in twice["errors"]] == [["balances"]]
    client.viewer = world.cashier
    rent = [{"account": "COMMON_BANK", "debit": "80.00"}, {"account": "COMMON_RENT", "credit": "80.00"}]
    await client.act("journalPost", "journalEntry { id }", bookId=book, lines=rent, text="Rent of the hall")
    made = await client.act(
        "supplierAdd", "supplier { id name }", organisationId=world.company.id, name="Lift Works", idempotencyKey="one"
    )
    content = {"category": "LIFT_REPAIR", "amount": "1200.00", "what": "Door", "supplierId": made["supplier"]["id"]}
    spent = await client.act("expenseDraft", "expense { id state }", bookId=book, expense=content)
    expense = spent["expense"]["id"]
    assert (await client.act("expenseSubmit", "expense { state }", id=expense))["expense"] == {"state": "SUBMITTED"}
    client.viewer = world.manager
    approved = await client.act("expenseApprove", "expense { state approvedBy { id } }", id=expense, expectedVersion=2)
    assert approved["expense"]["state"] == "APPROVED"
    client.viewer = world.cashier
    await client.act("expensePay", "expense { paidFrom }", id=expense)
    asked = (
        "query ($book: ID!, $since: Date!, $until: Date!) {"
        " trialBalance(bookId: $book) { debit credit accounts { code balance } }"
        " bookStatement(bookId: $book, since: $since, until: $until) { income expense funds { fund closing held } }"
        " books { nodes { accounts(filter: {code: {eq: BANK}}) { nodes { id"
        " lines { nodes { credit entry { kind source { id } } } } } }"
        " expenses { nodes { what supplier { name } } } } } }"
    )
    given = {"book": book, "since": first.isoformat(), "until": today().isoformat()}
    told = (await client.post(asked, **given))["data"]
    assert told["trialBalance"]["debit"] == told["trialBalance"]["credit"]
    assert {each["code"]: each["balance"] for each in told["trialBalance"]["accounts"]}["LIFT"] == "1200.00"
    assert told["bookStatement"]["income"] == "80.00"
    assert told["bookStatement"]["funds"][1] == {"fund": "COMMON_AREA", "closing": "780.00", "held": "780.00"}
    account = told["books"]["nodes"][0]["accounts"]["nodes"][0]
    assert account["lines"]["nodes"][0] == {
        "credit": "1200.00",
        "entry": {"kind": "EXPENSE_PAYMENT", "source": {"id": expense}},
    }
    page = "query ($id: ID!, $since: Date!, $until: Date!, $after: String) { accountStatement(accountId: $id, since: $since,"
    page += " until: $until, first: 1, after: $after) { opening lines { balance } hasNextPage endCursor } }"
    dates = {"id": account["id"], "since": given["since"], "until": given["until"]}
    one = (await client.post(page, **dates))["data"]["accountStatement"]
    two = (await client.post(page, **dates, after=one["endCursor"]))["data"]["accountStatement"]
    assert (one["hasNextPage"], two["opening"], two["lines"]) == (True, "5000.00", [{"balance": "3800.00"}])
    assert "no cursor" in (await client.post(page, **dates, after="2026-13-01 x"))["errors"][0]["message"]
    client.viewer = world.manager
    closed = await client.act("monthClose", "ledgerPeriod { month closedBy { id } }", bookId=book, month=first.isoformat())
    assert closed["ledgerPeriod"]["month"] == first.isoformat()


_LINES = "{ books { nodes { id } } expenses { nodes { id } } journalLines { nodes { code credit home { id } } } }"


async def test_others_see_what_is_theirs_and_never_which_home_pays(client: Client, world: BookWorld) -> None:
    async with in_transaction():
        paid = [
            Line(AccountCode.COMMON_BANK, debit=Decimal(7)),
            Line(AccountCode.COMMON_PARKING, credit=Decimal(7), home_id=world.homes[0].id),
        ]
        await post(Actor("system:test"), world.book.id, EntryKind.PAYMENT, paid)
        fees = [Line(AccountCode.CASH, debit=Decimal(5)), Line(AccountCode.PREPAID, credit=Decimal(5), home_id=world.homes[0].id)]
        await post(Actor("system:test"), world.book.id, EntryKind.PAYMENT, fees)
    told = {}
    for name in ("cashier", "officer", "member", "clerk"):
        client.viewer = getattr(world, name)
        told[name] = (await client.post(_LINES))["data"]
    seen = {name: (len(each["books"]["nodes"]), len(each["journalLines"]["nodes"])) for name, each in told.items()}
    assert seen == {"cashier": (1, 4), "officer": (1, 4), "member": (0, 2), "clerk": (0, 2)}
    homes = {name: {line["home"] and line["home"]["id"] for line in each["journalLines"]["nodes"]} for name, each in told.items()}
    assert homes == {"cashier": {None, world.homes[0].id}, "officer": {None}, "member": {None}, "clerk": {None}}
    client.viewer = world.member
    assert (await client.post("query ($id: ID!) { trialBalance(bookId: $id) { debit } }", id=world.book.id))["data"] == {
        "trialBalance": None
    }
