"""Meters and what they show: readings, estimates, meters that are replaced."""

from datetime import date
from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.charges import Dial, FeeKind, Read, estimate, estimated, read, started
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.calendar import today
from models.connection import constrained, query
from models.facts import record
from models.permits import actor_of, found, permitted, unchanged
from models.territory import Home

from .rows import FeeItem, Meter, MeterReading

_CODE_MAX = 40
#: Readings of the home's meters fall into days that were billed: the bills would not agree with them any more.
_BILLED = """
SELECT max(period_to) AS until FROM bill_line WHERE home_id = $1 AND fee_item_id = $2 AND NOT withdrawn
"""
#: The last readings of a meter, with the day of the one before: the earliest first.
_PAST = """
SELECT * FROM (
    SELECT coalesce(lag(read_on) OVER (ORDER BY read_on), $2) AS since, read_on, used, estimated
    FROM meter_reading WHERE meter_id = $1
) AS past WHERE NOT estimated ORDER BY read_on DESC LIMIT 3
"""


async def add_meter(
    viewer: Viewer,
    item_id: str,
    home_id: str,
    *,
    code: str,
    digits: int,
    value: Decimal = Decimal(0),
    ratio: Decimal = Decimal(1),
    started_on: date | None = None,
) -> Meter:
    """A home's meter for an item, that counts from ``value`` on. ``digits``: of its dial, before the point.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (an item that is not metered, a home elsewhere, dial, a day to come) and CONFLICT (the
    code is in use).
    """
    dial = started(digits, value, ratio)
    code, day = written(code, "code", _CODE_MAX), _past(started_on)
    async with in_transaction():
        item = await permitted(FeeItem, item_id, viewer, "meterAdd", path=("item_id",))
        home = await found(Home, home_id, viewer, path=("home_id",))
        if item.kind is not FeeKind.METERED or home.compound_id != item.compound_id:
            raise Refused(
                RefusalCode.INVALID,
                Text("The item is not metered, or not of the home's compound.", "该项目不是按表计量项目，或不属于该住房的小区。"),
                path=("item_id",),
                hint=Text("Name a metered item of the compound.", "请选择该小区的按表计量项目。"),
            )
        meter = await _put_up(item, home.id, code, dial, day)
        await record(actor_of(viewer), "meterAdd", meter, after={"digits": digits})
        return meter


async def _put_up(item: FeeItem, home_id: str, code: str, dial: Dial, day: date) -> Meter:
    meter = Meter(
        code=code,
        digits=dial.digits,
        ratio=dial.ratio,
        value=dial.value,
        charged=dial.charged,
        started_on=day,
        read_on=day,
        fee_item_id=item.id,
        book_id=item.book_id,
        home_id=home_id,
        compound_id=item.compound_id,
        organisation_id=item.organisation_id,
        street_id=item.street_id,
    )
    taken = Refused(
        RefusalCode.CONFLICT,
        Text("A meter with this code counts for the item.", "该收费项目下已有相同编号的表。"),
        path=("code",),
        hint=Text("Choose another code.", "请核对表号。"),
    )
    async with constrained(taken):
        await meter.save(force_create=True)
    return meter


def _past(day: date | None, field: str = "started_on") -> date:
    if day is not None and day > today():
        raise Refused(
            RefusalCode.INVALID,
            Text(f"{day} is yet to come.", f"{day} 尚未到来。"),
            path=(field,),
            hint=Text("Give today or a day before.", "请填写今天或之前的日期。"),
        )
    return day or today()


async def read_meter(
    viewer: Viewer,
    meter_id: str,
    value: Decimal,
    *,
    read_on: date | None = None,
    rolled_over: bool = False,
    expected_version: int | None = None,
) -> MeterReading:
    """Take down what a meter shows. ``rolled_over``: its dial began again at nought since the last reading.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (value: see domain/charges/metering; a day to come, or not after the last reading),
    ILLEGAL_MOVE (the meter is gone; these days were billed) and STALE_VERSION.
    """
    day = _past(read_on, "read_on")
    async with in_transaction():
        meter = await permitted(Meter, meter_id, viewer, "meterRead")
        unchanged(meter.version, expected_version)
        await _check_readable(meter, day)
        taken = read(dial_of(meter), value, rolled_over=rolled_over)
        reading = await _take_down(meter, taken, day, value=value, rolled_over=rolled_over)
        await record(actor_of(viewer), "meterRead", meter, after={"read_on": day.isoformat()})
        return reading


async def estimate_meter(
    viewer: Viewer,
    meter_id: str,
    *,
    read_on: date | None = None,
    used: Decimal | None = None,
    expected_version: int | None = None,
) -> MeterReading:
    """Charge what was probably used up to a day, by the last readings, or ``used`` as agreed; the next reading sets it right.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (day, amount), ILLEGAL_MOVE (nothing to go by; the meter is gone; these days were
    billed) and STALE_VERSION.
    """
    day = _past(read_on, "read_on")
    async with in_transaction():
        meter = await permitted(Meter, meter_id, viewer, "meterEstimate")
        unchanged(meter.version, expected_version)
        await _check_readable(meter, day)
        guess = await _guess(meter, day) if used is None else used
        if guess is None:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("It was never read, so there is nothing to go by.", "尚无历史读数，无法估算。"),
                path=("used",),
                hint=Text("Say what was used, or read the meter.", "请填写协商用量，或抄表。"),
            )
        if not (guess.is_finite() and 0 <= guess <= dial_of(meter).round and guess == guess.quantize(Decimal("0.001"))):
            raise Refused(
                RefusalCode.INVALID,
                Text(f"{guess} cannot have been used.", f"用量 {guess} 无效。"),
                path=("used",),
                hint=Text("Give 0 or more, with three decimals at most.", "请填写不小于 0 的用量，最多三位小数。"),
            )
        reading = await _take_down(meter, estimated(dial_of(meter), guess), day, estimated_=True)
        await record(actor_of(viewer), "meterEstimate", meter, after={"read_on": day.isoformat()})
        return reading


async def _guess(meter: Meter, day: date) -> Decimal | None:
    rows = await query(_PAST, meter.id, meter.started_on)
    past = [(row["since"], row["read_on"], row["used"]) for row in reversed(rows)]
    known = estimate(past, day)
    if known is None or not past or meter.read_on <= past[-1][1]:
        return known
    days = (day - past[-1][1]).days
    return (known * (day - meter.read_on).days / days).quantize(Decimal("0.001"))


async def _check_readable(meter: Meter, day: date) -> None:
    if meter.ended_on is not None:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text(f"The meter was taken away on {meter.ended_on}.", f"该表已于 {meter.ended_on} 停用。"),
            path=("id",),
            hint=Text("Read the one that replaced it.", "请抄录更换后的表。"),
        )
    if day <= meter.read_on:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"It was read on {meter.read_on}.", f"该表已有 {meter.read_on} 的读数。"),
            path=("read_on",),
            hint=Text("Give a later day.", "请填写之后的日期。"),
        )
    until: date | None = (await query(_BILLED, meter.home_id, meter.fee_item_id))[0]["until"]
    if until is not None and day <= until:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text(f"The home was billed up to {until}.", f"该户已出账至 {until}。"),
            path=("read_on",),
            hint=Text("Give a later day; what was used since is billed then.", "请填写之后的日期，用量将计入下期。"),
        )


async def _take_down(
    meter: Meter,
    taken: Read,
    day: date,
    *,
    value: Decimal | None = None,
    estimated_: bool = False,
    rolled_over: bool = False,
) -> MeterReading:
    dial = taken.dial
    meter.value, meter.turns, meter.charged, meter.read_on = dial.value, dial.turns, dial.charged, day
    meter.version += 1
    await meter.save(update_fields=["value", "turns", "charged", "read_on", "version"])
    return await MeterReading.create(
        read_on=day,
        value=value,
        used=taken.used.quantize(Decimal("0.001")),
        estimated=estimated_,
        rolled_over=rolled_over,
        meter_id=meter.id,
        fee_item_id=meter.fee_item_id,
        home_id=meter.home_id,
        compound_id=meter.compound_id,
        organisation_id=meter.organisation_id,
        street_id=meter.street_id,
    )


async def replace_meter(
    viewer: Viewer,
    meter_id: str,
    final: Decimal,
    *,
    code: str,
    digits: int,
    value: Decimal = Decimal(0),
    ratio: Decimal = Decimal(1),
    replaced_on: date | None = None,
    rolled_over: bool = False,
    expected_version: int | None = None,
) -> Meter:
    """The new meter of a home whose old one is taken away and showed ``final``; the new one counts from ``value`` on.

    Refuses what ``read_meter`` and ``add_meter`` do.
    """
    dial = started(digits, value, ratio)
    code, day = written(code, "code", _CODE_MAX), _past(replaced_on, "replaced_on")
    async with in_transaction():
        old = await permitted(Meter, meter_id, viewer, "meterReplace")
        unchanged(old.version, expected_version)
        await _check_readable(old, day)
        await _take_down(old, read(dial_of(old), final, rolled_over=rolled_over), day, value=final, rolled_over=rolled_over)
        old.ended_on = day
        await old.save(update_fields=["ended_on"])
        new = await _put_up(await FeeItem.get(id=old.fee_item_id), old.home_id, code, dial, day)
        await record(actor_of(viewer), "meterReplace", old, after={"ended_on": day.isoformat()})
        return new


def dial_of(meter: Meter) -> Dial:
    """Where the meter stands, as it is reckoned with."""
    return Dial(meter.digits, meter.value, meter.turns, meter.charged, meter.ratio)
