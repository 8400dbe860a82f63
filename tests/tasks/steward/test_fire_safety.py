"""Fire safety on real rows: what a device reports becomes one alert, a ticket, notices; and what becomes of them after."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.access import Role
from domain.alerts import AlertOutcome, AlertState, Severity
from domain.facilities import DeviceKind
from domain.tickets import TicketKind, TicketPriority, TicketState
from models import Alert, AlertOccurrence, Compound, Device, Fact, Notice, RuleState, Ticket
from models.alerts import set_threshold
from models.alerts.acts import acknowledge, clear
from models.facts import Actor
from models.territory import Place
from tests.builders import a_channel, a_community, a_community_office, a_company_serving, a_compound, a_device, a_street, an_alert
from tests.models.ticket_world import somebody
from tests.tasks.feeding import a_reading, everything, minute, read, take_in

pytestmark = pytest.mark.usefixtures("database")

SOMEBODY = Actor("system:test")


async def a_hydrant(compound: Compound | None = None) -> Device:
    return await a_device(compound, kind=DeviceKind.HYDRANT_PRESSURE, name="Hydrant by the gate")


async def pressures(device: Device, *kpa: float, first: int = 0) -> list[str]:
    """One reading a minute."""
    return await read(device, [(minutes, {"pressure_kpa": value}) for minutes, value in enumerate(kpa, first)])


async def actions(alert: Alert) -> list[str]:
    return await Fact.filter(subject_id=alert.id).order_by("id").values_list("action", flat=True)


async def test_six_minutes_of_low_pressure_are_one_alert_raised_at_minute_five() -> None:
    device = await a_hydrant(await a_compound(name="Maple Court"))
    await pressures(device, 40, 40, 40, 40, 40)
    assert not await Alert.exists()
    await pressures(device, 40, 40, first=5)
    alert = await Alert.get()
    assert (alert.rule, alert.rule_version, alert.module) == ("fire_safety.pressure_low", 1, "fire_safety")
    assert (alert.severity, alert.state, alert.count) == (Severity.MAJOR, AlertState.OPEN, 2)
    assert (alert.first_seen_at, alert.last_seen_at) == (minute(5), minute(6))
    assert (alert.subject_id, alert.device_id, alert.compound_id) == (device.id, device.id, device.compound_id)
    assert alert.message["en"] == ("Pressure low at Maple Court Hydrant by the gate: 40 kPa, under 140 kPa for 5 min or longer.")
    assert alert.message["zh-CN"] == "Maple Court Hydrant by the gate水压过低：40 kPa，低于 140 kPa 持续 5 分钟以上。"
    assert alert.reading == {"metric": "pressure_kpa", "value": 40, "unit": "kPa", "time": minute(6).isoformat()}
    occurrences = await AlertOccurrence.all().order_by("at").values_list("kind", "at", "severity")
    assert occurrences == [("RAISED", minute(5), Severity.MAJOR), ("REPEATED", minute(6), Severity.MAJOR)]
    assert await actions(alert) == ["alertRaise"]
    assert not await Ticket.exists()


async def test_the_same_minutes_in_one_batch_are_the_same_alert() -> None:
    device = await a_hydrant()
    await take_in(*[await a_reading(device, n, pressure_kpa=40) for n in range(7)])
    alert = await Alert.get()
    assert (alert.first_seen_at, alert.last_seen_at, alert.count) == (minute(5), minute(6), 2)


async def test_recovery_clears_beyond_the_margin_only_and_leaves_the_outcome_to_people() -> None:
    device = await a_hydrant()
    await pressures(device, 40, 40, 40, 40, 40, 40, 142)
    assert (await Alert.get()).state is AlertState.OPEN
    await pressures(device, 145, first=7)
    alert = await Alert.get()
    assert (alert.state, alert.cleared_at, alert.cleared_by_id, alert.outcome) == (AlertState.CLEARED, minute(7), None, None)
    assert await actions(alert) == ["alertRaise", "alertClear"]
    last = await AlertOccurrence.all().order_by("-at").first()
    assert last
    assert (last.kind, last.at, last.reading["value"]) == ("CLEARED", minute(7), 145)


async def test_low_again_after_recovery_is_a_new_alert() -> None:
    device = await a_hydrant()
    await pressures(device, *[40] * 6, 300, *[40] * 6)
    assert await Alert.all().order_by("id").values_list("state", "first_seen_at") == [
        (AlertState.CLEARED, minute(5)),
        (AlertState.OPEN, minute(12)),
    ]


async def test_pressure_far_below_makes_the_alert_worse_and_it_never_gets_better_while_open() -> None:
    device = await a_hydrant()
    await pressures(device, *[120] * 6, 40, 120)
    alert = await Alert.get()
    assert (alert.severity, alert.severity_rank, alert.count) == (Severity.MAJOR, Severity.MAJOR.rank, 3)
    assert await actions(alert) == ["alertRaise", "alertWorsen"]
    kinds = await AlertOccurrence.all().order_by("at").values_list("kind", "severity")
    assert kinds == [("RAISED", Severity.MINOR), ("WORSENED", Severity.MAJOR), ("REPEATED", Severity.MINOR)]


async def test_smoke_is_critical_opens_an_emergency_ticket_and_notifies() -> None:
    street = await a_street()
    compound = await a_compound(await a_community(street))
    company = await a_company_serving(compound)
    elsewhere = await a_company_serving(await a_compound(await a_community(street)))
    channel, _ = await a_channel(company), await a_channel(elsewhere)
    device = await a_device(compound)
    await read(device, [(0, {"smoke_alarm": True})])
    alert = await Alert.get()
    assert (alert.rule, alert.severity, alert.count) == ("fire_safety.smoke", Severity.CRITICAL, 1)
    ticket = await Ticket.get()
    assert (ticket.alert_id, ticket.organisation_id) == (alert.id, company.id)
    assert (ticket.kind, ticket.priority, ticket.state) == (TicketKind.REPAIR, TicketPriority.EMERGENCY, TicketState.OPEN)
    assert ticket.title.startswith("火警：")
    notices = await Notice.all()
    assert {notice.channel_id for notice in notices} == {channel.id}
    assert {(notice.alert_id, notice.ticket_id) for notice in notices} == {(alert.id, ticket.id)}


async def test_in_a_compound_without_a_company_the_ticket_goes_to_the_community() -> None:
    community = await a_community()
    office = await a_community_office(community)
    device = await a_device(await a_compound(community), kind=DeviceKind.GAS)
    await read(device, [(0, {"gas_lel_percent": 8})])
    assert (await Ticket.get()).organisation_id == office.id


async def test_more_smoke_repeats_the_alert_and_the_same_events_change_nothing() -> None:
    device = await a_device()
    ids = await read(device, [(n, {"smoke_alarm": True}) for n in range(3)])
    alert = await Alert.get()
    assert (alert.count, alert.version) == (3, 1)
    before = await everything()
    for event_id in ids:
        await take_in(event_id)
    assert await everything() == before
    assert await Ticket.all().count() == 1
    assert await actions(alert) == ["alertRaise"]


async def test_clearing_does_not_close_the_ticket_nor_take_the_acknowledgement_back() -> None:
    compound = await a_compound()
    device = await a_device(compound)
    await read(device, [(0, {"smoke_alarm": True})])
    worker = await somebody(Role.GRID_WORKER, compound=compound)
    acknowledged = await acknowledge(worker, (await Alert.get()).id)
    await read(device, [(1, {"smoke_alarm": False})])
    alert = await Alert.get()
    assert alert.state is AlertState.CLEARED
    assert (alert.acknowledged_at, alert.acknowledged_by_id) == (acknowledged.acknowledged_at, worker.account_id)
    assert (await Ticket.get()).state is TicketState.OPEN


async def test_smoke_that_goes_on_after_a_person_cleared_it_is_raised_again() -> None:
    compound = await a_compound()
    device = await a_device(compound)
    await read(device, [(0, {"smoke_alarm": True})])
    worker = await somebody(Role.GRID_WORKER, compound=compound)
    cleared = await clear(worker, (await Alert.get()).id, outcome=AlertOutcome.FALSE_ALARM)
    await read(device, [(1, {"smoke_alarm": True})])
    assert await Alert.all().count() == 1, "what was measured before the person cleared it is no news"
    after = (datetime.now(UTC) - minute(0)) / timedelta(minutes=1) + 1
    await read(device, [(after, {"smoke_alarm": True})])
    again = await Alert.get(state=AlertState.OPEN)
    assert again.id != cleared.id
    assert again.count == 1
    assert await Ticket.all().count() == 2


async def test_low_pressure_that_a_person_cleared_is_raised_again_only_after_it_was_well() -> None:
    compound = await a_compound()
    device = await a_hydrant(compound)
    await pressures(device, *[40] * 6)
    worker = await somebody(Role.GRID_WORKER, compound=compound)
    await clear(worker, (await Alert.get()).id, outcome=AlertOutcome.TEST)
    await pressures(device, 40, 40, first=6)
    assert await Alert.all().count() == 1
    await pressures(device, 300, *[40] * 6, first=8)
    assert await Alert.all().count() == 2


async def test_late_readings_find_their_place_and_never_undo_newer_ones() -> None:
    device = await a_hydrant()
    await read(device, [(n, {"pressure_kpa": 40.0}) for n in (0, 1, 6, 3)])
    assert (await Alert.get()).first_seen_at == minute(6)
    await read(device, [(4, {"pressure_kpa": 40.0}), (5, {"pressure_kpa": 40.0})])
    alert = await Alert.get()
    assert (alert.state, alert.first_seen_at, alert.last_seen_at, alert.count) == (AlertState.OPEN, minute(5), minute(6), 2)
    await read(device, [(2, {"pressure_kpa": 300.0})])
    alert = await Alert.get()
    assert (alert.state, alert.version) == (AlertState.WITHDRAWN, 3), "it was told too early: low for four minutes only"
    assert await actions(alert) == ["alertRaise", "alertAmend", "alertWithdraw"]
    last = await AlertOccurrence.filter(alert_id=alert.id).order_by("-at").first()
    assert last
    assert last.kind == "WITHDRAWN"
    await read(device, [(8, {"pressure_kpa": 40.0})])
    assert (await Alert.get(state=AlertState.OPEN)).first_seen_at == minute(8)


async def test_smoke_that_came_late_and_is_over_is_told_all_the_same() -> None:
    compound = await a_compound()
    channel = await a_channel(await a_company_serving(compound))
    device = await a_device(compound)
    await read(device, [(0, {"smoke_alarm": False}), (9, {"smoke_alarm": False}), (4, {"smoke_alarm": True})])
    alert = await Alert.get()
    assert (alert.state, alert.first_seen_at, alert.cleared_at) == (AlertState.CLEARED, minute(4), minute(9))
    assert await actions(alert) == ["alertRaise", "alertClear"]
    assert (await Ticket.get()).alert_id == alert.id
    types = await Notice.filter(channel_id=channel.id).order_by("id").values_list("type", flat=True)
    assert len(types) == 3
    assert await AlertOccurrence.filter(alert_id=alert.id).order_by("at").values_list("kind", flat=True) == ["RAISED", "CLEARED"]


async def test_something_milder_that_came_late_and_is_over_is_only_listed() -> None:
    compound = await a_compound()
    await a_channel(await a_company_serving(compound), least=Severity.WARNING)
    device = await a_device(compound)
    await read(device, [(0, {"tamper": False}), (9, {"tamper": False}), (4, {"tamper": True})])
    assert (await Alert.get()).state is AlertState.CLEARED
    assert not await Notice.exists()


async def test_a_late_reading_that_splits_a_fire_adds_what_is_over_and_troubles_nobody_again() -> None:
    compound = await a_compound()
    channel = await a_channel(await a_company_serving(compound))
    device = await a_device(compound)
    await read(device, [(1, {"smoke_alarm": True}), (5, {"smoke_alarm": True})])
    alert, notices = await Alert.get(), await Notice.filter(channel_id=channel.id).count()
    await read(device, [(3, {"smoke_alarm": False})])
    still = await Alert.get(state=AlertState.OPEN)
    assert (still.id, still.first_seen_at, still.count) == (alert.id, minute(5), 1)
    over = await Alert.get(state=AlertState.CLEARED)
    assert (over.first_seen_at, over.last_seen_at, over.cleared_at, over.count) == (minute(1), minute(1), minute(3), 1)
    fact = await Fact.get(subject_id=alert.id, action="alertAmend")
    assert (fact.before, fact.after) == (
        {"count": 2, "first_seen_at": minute(1).isoformat()},
        {"count": 1, "first_seen_at": minute(5).isoformat()},
    )
    assert await Notice.filter(channel_id=channel.id).count() == notices
    assert await Ticket.all().count() == 1


async def test_a_detector_that_cries_wolf_is_reported_itself() -> None:
    device = await a_device()
    await read(device, [(n, {"smoke_alarm": n % 2 == 0}) for n in range(5)])
    assert (await Alert.get(rule="fire_safety.smoke_repeated")).severity is Severity.WARNING
    assert await Alert.filter(rule="fire_safety.smoke").count() == 3


@pytest.mark.parametrize(
    ("kind", "readings", "rule"),
    [
        (DeviceKind.PIPE_PRESSURE, {"pressure_kpa": 69}, None),
        (DeviceKind.HYDRANT_PRESSURE, {"tilt_degrees": -12}, "hydrant_tilt"),
        (DeviceKind.RESIDUAL_CURRENT, {"residual_current_ma": 300}, "residual_current"),
        (DeviceKind.RESIDUAL_CURRENT, {"residual_current_ma": 299}, None),
        (DeviceKind.CABLE_TEMPERATURE, {"cable_temperature_c": 70}, "cable_temperature"),
        (DeviceKind.GAS, {"gas_lel_percent": 4.9}, None),
        (DeviceKind.GAS, {"gas_lel_percent": 5}, "gas"),
        (DeviceKind.SMOKE, {"battery_percent": 19}, "battery_low"),
        (DeviceKind.SMOKE, {"battery_percent": 20}, None),
        (DeviceKind.SMOKE, {"tamper": True}, "tamper"),
        (DeviceKind.CAMERA_STATE, {"battery_percent": 1}, None),
    ],
)
async def test_one_reading_against_the_defaults(kind: DeviceKind, readings: dict[str, float], rule: str | None) -> None:
    device = await a_device(kind=kind)
    await read(device, [(0, readings)])
    assert await Alert.all().values_list("rule", flat=True) == ([f"fire_safety.{rule}"] if rule else [])


async def test_the_nearest_threshold_wins_device_then_compound_then_street() -> None:
    street = await a_street()
    compound = await a_compound(await a_community(street))
    of_device, of_compound = await a_hydrant(compound), await a_hydrant(compound)
    of_street = await a_hydrant(await a_compound(await a_community(street)))
    rule = "fire_safety.pressure_low"
    await set_threshold(SOMEBODY, rule, {"low_kpa": 90, "held_minutes": 0}, await Place.get(id=street.id))
    await set_threshold(SOMEBODY, rule, {"low_kpa": 80}, compound)
    await set_threshold(SOMEBODY, rule, {"low_kpa": 70}, of_device)
    for kpa, alerts in ((85, [of_street]), (75, [of_street, of_compound]), (65, [of_street, of_compound, of_device])):
        for device in (of_device, of_compound, of_street):
            await read(device, [(100 - kpa, {"pressure_kpa": kpa})])
        assert set(await Alert.all().values_list("subject_id", flat=True)) == {device.id for device in alerts}


async def test_an_alert_of_which_no_memory_is_kept_is_still_cleared() -> None:
    device = await a_device()
    await an_alert(device, first_seen_at=minute(-5))
    await read(device, [(0, {"smoke_alarm": True}), (1, {"smoke_alarm": False})])
    alert = await Alert.get()
    assert (alert.state, alert.count, alert.cleared_at) == (AlertState.CLEARED, 2, minute(1))


async def test_nothing_is_remembered_of_a_device_that_is_well() -> None:
    device = await a_device()
    await read(device, [(n, {"smoke_alarm": False, "battery_percent": 90, "tamper": False}) for n in range(3)])
    assert not await RuleState.exists()
