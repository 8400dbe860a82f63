"""What was kept long enough goes, type by type; what is younger, or still in use, stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from domain.access import Role
from domain.accounts import ERASED
from domain.facilities import FacilityKind
from domain.fire_drills import FireDrillKind, FireDrillState
from domain.hazards import HazardGrade, HazardOutcome, HazardSource, HazardState
from domain.notices import ChannelKind, NoticeState
from domain.phones import UnmaskReason
from domain.rounds import RoundKind, RoundSource, RoundState, ScanSource
from domain.tickets import CLEARED, TicketState
from domain.upkeep import UpkeepKind, WorkOrderSource, WorkOrderState
from models import (
    Account,
    Attempt,
    Channel,
    Fact,
    File,
    FireDrill,
    FirePact,
    FireReport,
    Hazard,
    IdempotencyKey,
    Invitation,
    Notice,
    Round,
    RoundScan,
    Ticket,
    TicketComment,
    Unmasking,
    Work,
    WorkOrder,
)
from models.calendar import today
from models.facts import Actor
from models.hazards import report_found
from models.ids import new_id
from models.phones import kept
from models.rounds import NewPoint
from settings import Settings
from tasks.checks import erase_moved_out, forgetting, residents_moved_out, retention
from tasks.work import perform
from tests.builders import a_community, a_compound, a_facility, a_home, a_role, a_street, a_ticket, an_account, an_organisation
from tests.models.rounds.world import a_plan, a_rounds_world, points

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def environment(database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database.database_url)
    monkeypatch.setenv("STEWARD_RETENTION_NOTICE_DAYS", "10")
    monkeypatch.setenv("STEWARD_RETENTION_TICKET_DAYS", "20")
    monkeypatch.setenv("STEWARD_RETENTION_INVITATION_DAYS", "30")
    monkeypatch.setenv("STEWARD_RETENTION_UNMASKING_DAYS", "40")
    monkeypatch.setenv("STEWARD_RETENTION_MOVED_OUT_DAYS", "50")


async def test_rounds_go_after_a_year_with_their_scans_and_photos_and_hazards_stay() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world, RoundKind.FIRE_PATROL, points=[NewPoint("Gate", items=())])
    (point,) = await points(plan)
    kept_for: dict[str, Round] = {}
    for days in (401, 399):
        closes = NOW - days * DAY
        of = {"plan_id": plan.id, "kind": plan.kind, "compound_id": plan.compound_id, "street_id": plan.street_id}
        how: dict[str, Any] = {
            "state": RoundState.DONE,
            "source": RoundSource.PLAN,
            "opens_at": closes - DAY,
            "closes_at": closes,
        }
        kept_for[str(days)] = round_ = await Round.create(**of, **how)
        content: dict[str, Any] = {"name": "1.jpg", "media_type": "image/jpeg", "size": 1, "sha256": "0" * 64, "uploaded_at": NOW}
        place = {"compound_id": plan.compound_id, "street_id": plan.street_id}
        photo = await File.create(subject_id=round_.id, **content, **place)
        scan: dict[str, Any] = {"scanned_at": closes, "source": ScanSource.PHONE, "point_id": point.id, "round_id": round_.id}
        made = await RoundScan.create(photo_id=photo.id, **scan, **place)
        await report_found(Actor("system:rounds"), what="A van", topic=str(days), scan_id=made.id, **place)
    await retention(NOW)
    past, present = kept_for["401"], kept_for["399"]
    assert not await Round.exists(id=past.id)
    assert await RoundScan.filter(round_id__in=[past.id, present.id]).values_list("round_id", flat=True) == [present.id]
    assert (await File.get(subject_id=past.id)).removed_at is not None
    assert (await File.get(subject_id=present.id)).removed_at is None
    assert {hazard.topic: hazard.scan_id is None for hazard in await Hazard.all()} == {"401": True, "399": False}


async def test_orders_go_after_four_or_five_years_and_the_last_of_each_kind_stays() -> None:
    lift = await a_facility(kind=FacilityKind.LIFT)
    of = {"facility_id": lift.id, "compound_id": lift.compound_id, "street_id": lift.street_id}
    for kind, years in (("LIFT_YEAR", 6), ("LIFT_YEAR", 5), ("LIFT_YEAR", 3), ("REPAIR", 6), ("CHECK", 7), ("CHECK", 4.5)):
        done_at = NOW - years * 365.25 * DAY
        given: dict[str, Any] = {"kind": UpkeepKind(kind), "state": WorkOrderState.DONE, "source": WorkOrderSource.HAND}
        given |= {"planned_on": done_at.date(), "opened_at": done_at, "done_at": done_at}
        await WorkOrder.create(**given, **of)
    await retention(NOW)
    kept = [
        (order.kind, (NOW - order.done_at).days // 365) for order in await WorkOrder.all().order_by("done_at") if order.done_at
    ]
    assert kept == [(UpkeepKind.REPAIR, 6), (UpkeepKind.CHECK, 4), (UpkeepKind.LIFT_YEAR, 3)]


async def test_what_was_done_for_fire_safety_goes_after_five_years_and_what_is_open_stays() -> None:
    compound = await a_compound()
    place: dict[str, Any] = {"compound_id": compound.id, "street_id": compound.street_id}
    office = await an_organisation(street_id=compound.street_id)
    for years in (6, 4):
        then = NOW - years * 365.25 * DAY
        found: dict[str, Any] = {"grade": HazardGrade.GENERAL, "source": HazardSource.PERSON, "what": "Boxes"}
        found |= dict.fromkeys(("found_at", "last_found_at", "due_at"), then)
        over = {"state": HazardState.CLOSED, "outcome": HazardOutcome.NONE, "closed_at": then}
        hazard = await Hazard.create(**found, **over, **place)
        shown = {"name": "a.jpg", "media_type": "image/jpeg", "size": 1, "sha256": f"{years:064}", "uploaded_at": then}
        await File.create(subject_id=hazard.id, **shown, **place)
        await Hazard.create(state=HazardState.REPORTED, **found, **place)
        drill: dict[str, Any] = {"kind": FireDrillKind.DRILL, "state": FireDrillState.CANCELLED, "planned_at": then}
        await FireDrill.create(planned_on=then.date(), organisation_id=office.id, **drill, **place)
        signed: dict[str, Any] = {"signed_on": then.date(), "ends_on": then.date(), "duties": ["PATROL"], "homes_joined": 9}
        await FirePact.create(organisation_id=office.id, **signed, **place)
        await FireReport.create(month=then.date().replace(day=1), figures={}, kept_at=then, **place)
    await retention(NOW)
    assert await Hazard.filter(state=HazardState.REPORTED).count() == 2
    assert [await model.all().count() for model in (FireDrill, FirePact, FireReport)] == [1, 1, 1]
    assert await Hazard.filter(state=HazardState.CLOSED).count() == 1
    assert await File.filter(removed_at=None).count() == 1


async def test_notices_that_are_sent_or_given_up_go_and_those_that_wait_stay() -> None:
    organisation = await an_organisation()
    of = {"organisation_id": organisation.id, "street_id": organisation.street_id}
    channel = await Channel.create(kind=ChannelKind.WEBHOOK, hint="…", target=b"", **of)
    states = {"SENT": {"sent_at": NOW}, "DEAD": {}, "PENDING": {}}
    for state, more in states.items():
        for days in (9, 11):
            given: dict[str, Any] = {"type": "t", "topic": f"{state} {days}", "payload": {}, "created_at": NOW - days * DAY}
            await Notice.create(state=NoticeState(state), channel_id=channel.id, **given, **more, **of)
    await retention(NOW)
    topics = await Notice.all().order_by("topic").values_list("topic", flat=True)
    assert topics == ["DEAD 9", "PENDING 11", "PENDING 9", "SENT 9"]


async def test_invitations_and_reasons_of_unmaskings_go() -> None:
    home, account = await a_home(), await an_account()
    for days in (29, 31):
        over = NOW - days * DAY
        where = {"home_id": home.id, "compound_id": home.compound_id, "street_id": home.street_id}
        times = {"created_at": over - DAY, "expires_at": over}
        await Invitation.create(digest=f"{days}", invited_by_id=account.id, **times, **where)
    for days in (39, 41):
        who = {"actor_id": account.id, "subject_id": account.id, "street_id": account.street_id}
        await Unmasking.create(reason=UnmaskReason.OTHER, note=f"{days}", at=NOW - days * DAY, **who)
    await retention(NOW)
    assert [row.digest for row in await Invitation.all()] == ["29"]
    assert [row.note for row in await Unmasking.all()] == ["39"]


async def reported(database: Settings, closed: int, **columns: Any) -> Ticket:
    """A ticket that somebody opened, closed so many days ago, with a number and a remark of each side."""
    reporter = await an_account()
    opened_at = NOW - (closed + 1) * DAY
    ticket = await a_ticket(**{"opened_at": opened_at, "state": TicketState.CLOSED, "opened_by_id": reporter.id} | columns)
    if ticket.closed_at:
        await ticket.update_from_dict({"closed_at": NOW - closed * DAY}).save(update_fields=["closed_at"])
    number = kept("+8613800138000", ticket, "contact_phone", database)
    await ticket.update_from_dict({"description": "By Mrs Canary", **number}).save()
    for author in (ticket.opened_by_id, None):
        where = {"ticket_id": ticket.id, "compound_id": ticket.compound_id, "street_id": ticket.street_id}
        await TicketComment.create(body="By hand", at=NOW, author_id=author, **where)
    return ticket


async def test_ended_tickets_lose_the_number_and_the_reporters_words_and_nothing_else(database: Settings) -> None:
    old = [await reported(database, 21), await reported(database, 21, state=TicketState.CANCELLED)]
    kept_ones = [
        await reported(database, 19),
        await reported(database, 21, state=TicketState.RESOLVED),
        await reported(database, 21, opened_by_id=None),
    ]
    before = {row.id: dict(row) for row in await Ticket.all()}
    await retention(NOW)
    await retention(NOW)
    for ticket in old:
        stored = dict(await Ticket.get(id=ticket.id))
        assert (stored["title"], stored["description"]) == (CLEARED.zh, "")
        changed = {name for name, value in stored.items() if value != before[ticket.id][name]}
        phone = {"contact_phone_masked", "contact_phone_sealed", "contact_phone_index"}
        assert changed == {"title", "description", "cleared_at"} | phone
        bodies = {row.author_id: row.body for row in await TicketComment.filter(ticket_id=ticket.id)}
        assert bodies == {ticket.opened_by_id: CLEARED.zh, None: "By hand"}
    for ticket in kept_ones:
        assert dict(await Ticket.get(id=ticket.id)) == before[ticket.id]


async def test_hundreds_of_old_tickets_are_cleared_in_batches(database: Settings) -> None:
    first = await reported(database, 30)
    columns = {name: value for name, value in dict(first).items() if name not in {"id", "number"}}
    phone = {"contact_phone_masked": None, "contact_phone_sealed": None, "contact_phone_index": None}
    await Ticket.bulk_create([Ticket(number=f"B{n}", **columns | phone) for n in range(1_100)])
    await retention(NOW)
    assert await Ticket.filter(cleared_at__isnull=True).count() == 0


async def a_resident(*roles: tuple[Role, int | None]) -> Account:
    """Somebody whose roles ended so many days ago (None: not yet)."""
    street = await a_street()
    account = await an_account(street_id=street.id, name="Mrs Canary", password_hash="hash")
    for role, days in roles:
        bound: dict[str, Any] = {"home": await a_home()} if role is Role.RESIDENT else {"place": await a_community(street)}
        await a_role(account, role, ends_on=None if days is None else today() - days * DAY, **bound)
    return account


async def test_who_moved_out_is_erased_unless_another_role_goes_on() -> None:
    gone = [await a_resident((Role.RESIDENT, 51)), await a_resident((Role.RESIDENT, 90), (Role.COMMUNITY_STAFF, 60))]
    stay = [
        await a_resident((Role.RESIDENT, 50)),
        await a_resident((Role.RESIDENT, None)),
        await a_resident((Role.RESIDENT, 90), (Role.RESIDENT, None)),
        await a_resident((Role.RESIDENT, 90), (Role.COMMUNITY_STAFF, 10)),
        await a_resident((Role.COMMUNITY_STAFF, 90)),
        await a_resident(),
    ]
    await residents_moved_out(NOW)
    works = await Work.filter(kind="erasure")
    assert {work.payload["account"] for work in works} == {account.id for account in gone}
    for work in works:
        await perform(work.id)
    assert {row.id for row in await Account.filter(erased_at__isnull=False)} == {account.id for account in gone}
    assert {row.name for row in await Account.filter(id__in=[account.id for account in gone])} == {ERASED.zh}
    assert {row.name for row in await Account.filter(id__in=[account.id for account in stay])} == {"Mrs Canary"}
    facts = await Fact.filter(action="accountErase")
    assert {(fact.actor, fact.subject_id) for fact in facts} == {("system:retention", account.id) for account in gone}
    await residents_moved_out(NOW)
    assert await Work.filter(kind="erasure").count() == 0


async def test_who_came_back_before_the_work_was_done_stays() -> None:
    account = await a_resident((Role.RESIDENT, 60))
    await residents_moved_out(NOW)
    await a_role(account, Role.RESIDENT, home=await a_home())
    await erase_moved_out({"account": account.id})
    await erase_moved_out({"account": new_id("acc")})
    assert (await Account.get(id=account.id)).erased_at is None


async def test_answers_attempts_and_sessions_are_forgotten_by_their_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEWARD_RETENTION_ATTEMPT_DAYS", "5")
    monkeypatch.setenv("STEWARD_RETENTION_ANSWER_DAYS", "6")
    account = await an_account()
    for days in (4, 7):
        await Attempt.create(key=f"{days}", count=1, last_at=NOW - days * DAY, open_at=NOW)
        answer = await IdempotencyKey.create(account_id=account.id, key=f"{days}", act="a", request_digest="", subject_id="")
        await IdempotencyKey.filter(id=answer.id).update(created_at=NOW - days * DAY)
    await forgetting(NOW)
    assert [row.key for row in await Attempt.all()] == ["4"]
    assert [row.key for row in await IdempotencyKey.all()] == ["4"]


async def test_checks_tell_numbers_only_and_so_does_the_log(database: Settings) -> None:
    account = await a_resident((Role.RESIDENT, 60))
    await reported(database, 30)
    with capture_logs() as entries:
        assert await retention(NOW) == {
            "partitions": 0,
            "notice": 0,
            "invitation": 0,
            "duty_shift": 0,
            "post_stint": 0,
            "visitor_pass": 0,
            "station_loan": 0,
            "alert_rule_dry_run": 0,
            "compound_figures": 0,
            "arrears_case": 0,
            "bill_dispute": 0,
            "budget_line": 0,
            "payment": 0,
            "statement_question": 0,
            **dict.fromkeys(("payment_message", "payment_failure", "payment_order", "bank_file", "reconciliation"), 0),
            "bill": 0,
            "meter_reading": 0,
            "instalment_plan": 0,
            "job": 0,
            "sheet_import": 0,
            "unmasking": 0,
            "ticket": 1,
            "expense": 0,
            "journal_line": 0,
            "office": 0,
            "hazard": 0,
            "fire_drill": 0,
            "fire_pact": 0,
            "fire_report": 0,
            "round": 0,
            "work_order": 0,
        }
        assert await residents_moved_out(NOW) == {"accounts": 1}
        await erase_moved_out({"account": account.id})
    told = [{name: value for name, value in entry.items() if name not in {"event", "log_level"}} for entry in entries]
    assert told == [{"reason": "moved out"}]
