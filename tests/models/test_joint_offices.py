"""Joint offices: declared with a first day, ended with a last, never two of a compound on one day."""

import asyncio
from datetime import date, timedelta

import pytest

from domain.access import Role, Viewer
from domain.refusals import RefusalCode, Refused
from models import Compound, Fact, JointOffice
from models.calendar import today
from models.joint_offices import declare_joint_office, end_joint_office
from tests.builders import a_community, a_compound, a_street
from tests.models.ticket_world import refusal, somebody

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)


async def a_place() -> tuple[Compound, Viewer]:
    """A compound, and an officer of its street."""
    street = await a_street()
    return await a_compound(await a_community(street)), await somebody(Role.STREET_OFFICER, place=street)


async def test_one_follows_another_and_what_is_over_stays_as_it_is() -> None:
    compound, officer = await a_place()
    first = await declare_joint_office(officer, compound.id, " 1 Long Street ", starts_on=today() - 9 * DAY)
    assert (first.address, first.ends_on) == ("1 Long Street", None)
    assert (await end_joint_office(officer, first.id, ends_on=today() - DAY)).ends_on == today() - DAY
    assert (await end_joint_office(officer, first.id)).ends_on == today() - DAY
    second = await declare_joint_office(officer, compound.id, "2 Long Street")
    assert (await end_joint_office(officer, second.id)).ends_on == second.starts_on == today()
    facts = await Fact.filter(subject_id=first.id).order_by("at")
    assert [fact.words["zh-CN"] for fact in facts] == ["街道干部登记了合署办公点。", "街道干部设定了合署办公点的结束日期。"]


async def test_what_cannot_be_is_refused_with_field_and_remedy() -> None:
    compound, officer = await a_place()
    clerk = await somebody(Role.GRID_WORKER, place=await a_community())
    office = await declare_joint_office(officer, compound.id, "1", starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 1))
    for refused, code, path in (
        (await refusal(declare_joint_office(officer, compound.id, " ")), RefusalCode.INVALID, ("address",)),
        (
            await refusal(declare_joint_office(officer, compound.id, "2", starts_on=today(), ends_on=today() - DAY)),
            RefusalCode.INVALID,
            ("ends_on",),
        ),
        (
            await refusal(declare_joint_office(officer, compound.id, "2", starts_on=date(2026, 3, 1))),
            RefusalCode.CONFLICT,
            ("starts_on",),
        ),
        (await refusal(end_joint_office(officer, office.id, ends_on=date(2025, 12, 31))), RefusalCode.INVALID, ("ends_on",)),
        (await refusal(end_joint_office(officer, office.id, ends_on=date(2026, 3, 2))), RefusalCode.INVALID, ("ends_on",)),
        (await refusal(declare_joint_office(clerk, compound.id, "2")), RefusalCode.NOT_FOUND, ("compound_id",)),
    ):
        assert (refused.code, refused.path, bool(refused.hint.zh)) == (code, path, True)
    assert await JointOffice.all().count() == 1


async def test_of_two_clerks_who_declare_at_once_one_is_refused() -> None:
    compound, officer = await a_place()
    done = await asyncio.gather(
        *(declare_joint_office(officer, compound.id, f"{n} Long Street") for n in range(2)), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in done) == ["JointOffice", "Refused"]
    assert [each.code for each in done if isinstance(each, Refused)] == [RefusalCode.CONFLICT]
    assert await JointOffice.all().count() == 1
