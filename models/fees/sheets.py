"""Homes' parts in fee items, meters and readings that come as sheets."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from domain.access import Viewer
from domain.charges import Dial, FeeKind, Read, read
from domain.facilities import FacilityKind
from domain.refusals import Refused
from domain.sheets import Heading, RowReading, SheetKind
from domain.sheets import money as said
from domain.sheets.money import ASSIGNMENTS, METERS, READINGS, Item
from domain.words import Text
from models.calendar import today
from models.connection import query
from models.ids import new_id
from models.ledger import Book
from models.sheets import nouns
from models.sheets.nouns import MOST_CLASHES, Clash, Entry, Noun, declare
from models.sheets.rows import SheetImport
from models.territory import Home

from .meters import dial_of
from .rows import FeeAssignment, FeeItem, Meter, MeterReading

_PAGE = 1_000


async def homes_of(row: SheetImport) -> tuple[Book, dict[str, str | None]]:
    """The book, and the homes of its compound by their codes."""
    book = await Book.get(id=row.book_id)
    homes = await Home.filter(compound_id=book.compound_id).values_list("code", "id")
    return book, {str(code): str(id_) for code, id_ in homes}


async def _items(book: Book) -> dict[str, Item]:
    """The fee items of the book by their codes, and by names that only one has."""
    items = await FeeItem.filter(book_id=book.id)
    made = {item.id: Item(item.id, item.starts_on, item.ended_on, item.kind is FeeKind.METERED) for item in items}
    names = [item.name for item in items]
    by_name = {item.name: made[item.id] for item in items if names.count(item.name) == 1}
    return by_name | {item.code: made[item.id] for item in items}


# homes' parts in items


def _assignment_headings(_: FacilityKind | None) -> Sequence[Heading]:
    return ASSIGNMENTS


async def _read_assignments(row: SheetImport) -> nouns.Read:
    book, homes = await homes_of(row)
    items = await _items(book)

    def reader(reading: RowReading) -> Entry:
        return Entry("", {"id": new_id(FeeAssignment.prefix), **said.assignment(reading, homes, items)})

    return reader


_DAYS = "daterange(({0}.entry->>'from')::date, ({0}.entry->>'until')::date, '[]')"
_OVERLAPPING = f"""
SELECT s.number, o.number AS first FROM sheet_row s JOIN sheet_row o ON o.entry->>'home' = s.entry->>'home'
    AND o.entry->>'item' = s.entry->>'item' AND o.number < s.number AND {_DAYS.format("o")} && {_DAYS.format("s")}
ORDER BY s.number LIMIT {MOST_CLASHES}
"""
_ASSIGNED = f"""
SELECT s.number FROM sheet_row s JOIN fee_assignment a ON a.home_id = s.entry->>'home' AND a.fee_item_id = s.entry->>'item'
    AND daterange(a.starts_on, a.ends_on, '[]') && {_DAYS.format("s")}
ORDER BY s.number LIMIT {MOST_CLASHES}
"""


async def _assignment_clashes(_: SheetImport) -> list[Clash]:
    remedy = Text("Leave one of them, or give them other days.", "请保留一行，或调整起止日期。")
    twice = [
        Clash(
            row["number"],
            "home",
            Text(f"Row {row['first']} has them on some of these days.", f"与第 {row['first']} 行的住房、项目和期间重叠。"),
            remedy,
        )
        for row in await query(_OVERLAPPING)
    ]
    message = Text("The home has a part in the item on some of these days.", "该住房在此期间已分配该收费项目。")
    end = Text("End that one first: feeAssignmentEnd.", "请先终止原分配（feeAssignmentEnd）。")
    return [*twice, *(Clash(row["number"], "home", message, end) for row in await query(_ASSIGNED))]


_ENTER_ASSIGNMENTS = """
INSERT INTO fee_assignment (id, home_id, starts_on, ends_on, quantity, discount, exemption,
    fee_item_id, book_id, compound_id, organisation_id, street_id)
SELECT s.entry->>'id', s.entry->>'home', (s.entry->>'from')::date, (s.entry->>'until')::date, (s.entry->>'quantity')::numeric,
    (s.entry->>'discount')::numeric, s.entry->>'exemption', i.id, i.book_id, i.compound_id, i.organisation_id, i.street_id
FROM sheet_row s JOIN fee_item i ON i.id = s.entry->>'item' ORDER BY s.number
"""


async def _enter_assignments(_: Viewer, __: SheetImport) -> None:
    await query(_ENTER_ASSIGNMENTS)


# meters


def _meter_headings(_: FacilityKind | None) -> Sequence[Heading]:
    return METERS


async def _read_meters(row: SheetImport) -> nouns.Read:
    book, homes = await homes_of(row)
    items, day = await _items(book), today()

    def reader(reading: RowReading) -> Entry:
        made = said.meter(reading, homes, items, day)
        key = f"{made['item']} {made['code']}" if made["item"] and made["code"] else ""
        return Entry(key, {"id": new_id(Meter.prefix), **made})

    return reader


_METER_THERE = f"""
SELECT s.number FROM sheet_row s JOIN meter m ON m.fee_item_id = s.entry->>'item' AND m.code = s.entry->>'code'
    AND m.ended_on IS NULL
ORDER BY s.number LIMIT {MOST_CLASHES}
"""


async def _meter_clashes(_: SheetImport) -> list[Clash]:
    message = Text("A meter with this code counts for the item.", "该收费项目下已有相同编号的表。")
    remedy = Text("Leave the row out, or replace the meter: meterReplace.", "请删除该行，或办理换表（meterReplace）。")
    return [Clash(row["number"], "code", message, remedy) for row in await query(_METER_THERE)]


_ENTER_METERS = """
INSERT INTO meter (id, code, digits, ratio, value, charged, started_on, read_on, home_id, fee_item_id, book_id, compound_id,
    organisation_id, street_id)
SELECT s.entry->>'id', s.entry->>'code', (s.entry->>'digits')::integer, (s.entry->>'ratio')::numeric,
    (s.entry->>'value')::numeric, (s.entry->>'value')::numeric, (s.entry->>'from')::date, (s.entry->>'from')::date,
    s.entry->>'home', i.id, i.book_id, i.compound_id, i.organisation_id, i.street_id
FROM sheet_row s JOIN fee_item i ON i.id = s.entry->>'item' ORDER BY s.number
"""


async def _enter_meters(_: Viewer, __: SheetImport) -> None:
    await query(_ENTER_METERS)


# readings


def _reading_headings(_: FacilityKind | None) -> Sequence[Heading]:
    return READINGS


async def _read_readings(row: SheetImport) -> nouns.Read:
    known, day = dict[str, str | None](), today()
    for code, id_ in await Meter.filter(book_id=row.book_id, ended_on=None).values_list("code", "id"):
        known[str(code)] = None if code in known else str(id_)

    def reader(reading: RowReading) -> Entry:
        made = said.shown(reading, known, day)
        key = f"{made['meter']} {made['on']}" if made["meter"] and made["on"] else ""
        return Entry(key, made)

    return reader


@dataclass(frozen=True)
class _Taken:
    """A reading as it is taken in, or why it cannot be."""

    number: int
    meter: Meter
    day: date
    value: Decimal
    rolled: bool
    read: Read | None
    clash: Clash | None = None


_NEXT = f"""
SELECT number, entry->>'meter' AS meter, entry->>'on' AS day, entry->>'value' AS value, (entry->>'rolled')::boolean AS rolled
FROM sheet_row WHERE entry IS NOT NULL AND (entry->>'meter', entry->>'on', number) > ($1, $2, $3)
ORDER BY entry->>'meter', entry->>'on', number LIMIT {_PAGE}
"""
_BILLED = """
SELECT m.id, max(l.period_to) AS until FROM meter m JOIN bill_line l ON l.home_id = m.home_id AND l.fee_item_id = m.fee_item_id
WHERE m.id = ANY($1::text[]) AND NOT l.withdrawn GROUP BY m.id
"""


async def _taken() -> AsyncIterator[list[_Taken]]:
    """The readings of the sheet, meter by meter and day by day, some hundreds at a time."""
    after: tuple[str, str, int] = ("", "", 0)
    dials, meters, billed = dict[str, Dial](), dict[str, Meter](), dict[str, date]()
    since = dict[str, date]()
    while page := await query(_NEXT, *after):
        after = (page[-1]["meter"], page[-1]["day"], page[-1]["number"])
        new = sorted({each["meter"] for each in page} - meters.keys())
        last = page[0]["meter"]
        dials, since = ({last: dials[last]} if last in dials else {}), ({last: since[last]} if last in since else {})
        meters = {last: meters[last]} if last in meters else {}
        for each in await Meter.filter(id__in=new):
            meters[each.id], dials[each.id], since[each.id] = each, dial_of(each), each.read_on
        billed = {each["id"]: each["until"] for each in await query(_BILLED, sorted(meters))}
        taken: list[_Taken] = []
        for each in page:
            one = _take(each, meters[each["meter"]], dials, since, billed)
            taken.append(one)
        yield taken


def _take(
    row: Mapping[str, Any], meter: Meter, dials: dict[str, Dial], since: dict[str, date], billed: Mapping[str, date]
) -> _Taken:
    day, value, rolled = date.fromisoformat(row["day"]), Decimal(row["value"]), bool(row["rolled"])

    def wrong(key: str, message: Text, remedy: Text) -> _Taken:
        return _Taken(row["number"], meter, day, value, rolled, None, Clash(row["number"], key, message, remedy))

    if day <= since[meter.id]:
        message = Text(f"The meter was read on {since[meter.id]}.", f"该表已有 {since[meter.id]} 的读数。")
        return wrong("read_on", message, Text("Give a later day.", "请填写之后的日期。"))
    if meter.id in billed and day <= billed[meter.id]:
        message = Text(f"The home was billed up to {billed[meter.id]}.", f"该户已出账至 {billed[meter.id]}。")
        return wrong("read_on", message, Text("Give a later day; it is billed then.", "请填写之后的日期，用量将计入下期。"))
    try:
        found = read(dials[meter.id], value, rolled_over=rolled)
    except Refused as refused:
        key = refused.path[0] if refused.path and refused.path[0] in {"value", "rolled_over"} else "value"
        return wrong(key, refused.message, refused.hint)
    dials[meter.id], since[meter.id] = found.dial, day
    return _Taken(row["number"], meter, day, value, rolled, found)


async def _reading_clashes(_: SheetImport) -> list[Clash]:
    found: list[Clash] = []
    async for taken in _taken():
        found += [each.clash for each in taken if each.clash is not None]
        if len(found) >= MOST_CLASHES:
            break
    return found[:MOST_CLASHES]


_SET = """
UPDATE meter m SET value = t.value, turns = t.turns, charged = t.charged, read_on = t.day, version = m.version + 1
FROM unnest($1::text[], $2::numeric[], $3::integer[], $4::numeric[], $5::date[]) AS t (id, value, turns, charged, day)
WHERE m.id = t.id
"""


async def _enter_readings(_: Viewer, __: SheetImport) -> None:
    async for taken in _taken():
        made: list[MeterReading] = []
        last: dict[str, tuple[Dial, date]] = {}
        for each in taken:
            if each.read is None:
                continue
            last[each.meter.id] = each.read.dial, each.day
            made.append(
                MeterReading(
                    read_on=each.day,
                    value=each.value,
                    used=each.read.used.quantize(Decimal("0.001")),
                    rolled_over=each.rolled,
                    meter_id=each.meter.id,
                    fee_item_id=each.meter.fee_item_id,
                    home_id=each.meter.home_id,
                    compound_id=each.meter.compound_id,
                    organisation_id=each.meter.organisation_id,
                    street_id=each.meter.street_id,
                )
            )
        await MeterReading.bulk_create(made)
        dials = [dial for dial, _ in last.values()]
        columns = [[dial.value for dial in dials], [dial.turns for dial in dials], [dial.charged for dial in dials]]
        await query(_SET, list(last), *columns, [day for _, day in last.values()])


declare(
    Noun(
        SheetKind.FEE_ASSIGNMENTS,
        "feeAssign",
        "home",
        _assignment_headings,
        _read_assignments,
        _assignment_clashes,
        _enter_assignments,
        of_a_book=True,
    )
)
declare(Noun(SheetKind.METERS, "meterAdd", "code", _meter_headings, _read_meters, _meter_clashes, _enter_meters, of_a_book=True))
declare(
    Noun(
        SheetKind.METER_READINGS,
        "meterRead",
        "read_on",
        _reading_headings,
        _read_readings,
        _reading_clashes,
        _enter_readings,
        of_a_book=True,
    )
)
