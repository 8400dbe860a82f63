"""Organisations, offices, elections and papers in the database: what stands, what is refused, whoever is faster."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

from domain.access import Role, Viewer
from domain.credit_codes import check_character
from domain.offices import Elected, OfficeEnd, OfficeKind
from domain.organisations import MandateRole, OrganisationKind
from domain.papers import PaperKind
from domain.refusals import RefusalCode, Refused
from domain.territory import PlaceKind
from models import Account, Election, Fact, Notice, Office, Organisation, Paper, RoleBinding, offices, organisations, papers
from models.calendar import today
from models.erasure import erase
from models.facts import Actor
from models.mandates import start_mandate
from settings import Settings
from tests.builders import a_channel, a_grid, a_mandate, an_account, an_organisation

from .ticket_world import World, a_world, refusal, somebody

_DAY = timedelta(days=1)
_CODE = "91500118MA5U00000" + check_character("91500118MA5U00000")


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


@pytest.fixture
async def officer(world: World) -> Viewer:
    return await somebody(Role.STREET_OFFICER, place=world.street)


@pytest.fixture
async def committee(world: World) -> Organisation:
    body = await an_organisation(world.street, kind=OrganisationKind.OWNERS_COMMITTEE, compound_id=world.compound.id)
    await a_mandate(body, world.compound, role=MandateRole.REPRESENTS)
    return body


def _elected(*kinds: OfficeKind) -> list[Elected]:
    return [Elected(kind, f"No. {number}") for number, kind in enumerate(kinds)]


async def _hold(officer: Viewer, body: Organisation, starts_on: date, **how: Any) -> Election:
    ends_on = how.pop("ends_on", starts_on + 300 * _DAY)
    elected = how.pop("elected", _elected(OfficeKind.CHAIR, OfficeKind.MEMBER))
    return await offices.hold_election(officer, body.id, elected, held_on=starts_on, term_ends_on=ends_on, **how)


async def _held_on(body: Organisation, day: date) -> set[tuple[str, str]]:
    rows = await Office.filter(organisation_id=body.id, starts_on__lte=day, lasts_to__gte=day)
    return {(row.kind.value, row.holder) for row in rows}


async def test_an_organisation_is_founded_named_anew_reached_and_ended(world: World, officer: Viewer) -> None:
    asked: dict[str, Any] = {"kind": OrganisationKind.PROPERTY_COMPANY, "code": "WY-9", "name": "Evergreen"}
    company = await organisations.create(officer, world.street.id, **asked, credit_code=_CODE.lower())
    assert (company.credit_code, company.place_id, company.version) == (_CODE, None, 1)
    company = await organisations.rename(officer, company.id, "Ever Greener", expected_version=1)
    company = await organisations.set_contact(
        officer, company.id, telephone="023-01234567", address="1 Long Street", hours="9-17"
    )
    assert (company.name, company.telephone, company.version) == ("Ever Greener", "023-01234567", 3)
    assert (
        await refusal(organisations.rename(officer, company.id, "Late", expected_version=1))
    ).code is RefusalCode.STALE_VERSION
    await offices.fill_office(officer, company.id, OfficeKind.DIRECTOR, "Somebody")
    mandate = await start_mandate(officer, company.id, world.unserved.id, MandateRole.SERVES)
    assert (await refusal(organisations.end(officer, company.id))).path == ("ended_on",)
    mandate.ends_on = today()
    await mandate.save(update_fields=["ends_on"])
    company = await organisations.end(officer, company.id)
    assert (company.ended_on, (await Office.get()).how_ended) == (today(), OfficeEnd.BODY_ENDED)
    assert await organisations.end(officer, company.id) == company
    for act in (
        organisations.rename(officer, company.id, "Gone"),
        offices.fill_office(officer, company.id, OfficeKind.DIRECTOR, "Nobody"),
        start_mandate(officer, company.id, world.unserved.id, MandateRole.SERVES, starts_on=today() + _DAY),
    ):
        assert (await refusal(act)).code is RefusalCode.ILLEGAL_MOVE
    assert await Fact.filter(subject_id=company.id).count() == 5
    again_asked: dict[str, Any] = {**asked, "code": "WY-10", "credit_code": _CODE}
    again = await organisations.create(officer, world.street.id, **again_asked)
    assert again.credit_code == _CODE


async def test_an_organisation_that_cannot_be_is_refused_with_the_field(world: World, officer: Viewer) -> None:
    kinds = OrganisationKind
    asked: dict[str, Any] = {"kind": kinds.PROPERTY_COMPANY, "code": "WY-9", "name": "Evergreen"}
    await organisations.create(officer, world.street.id, **asked, credit_code=_CODE)
    grid = await a_grid(world.community)
    for place, changes, code, path in (
        (world.street, {}, RefusalCode.CONFLICT, "code"),
        (world.street, {"code": "WY-10", "credit_code": _CODE}, RefusalCode.CONFLICT, "credit_code"),
        (world.street, {"code": "WY-10", "credit_code": _CODE[:-1] + "?"}, RefusalCode.INVALID, "credit_code"),
        (world.street, {"code": " "}, RefusalCode.INVALID, "code"),
        (world.street, {"code": "WY-10", "name": "x" * 121}, RefusalCode.INVALID, "name"),
        (world.community, {"code": "WY-10"}, RefusalCode.INVALID, "place_id"),
        (grid, {"code": "WY-10", "kind": kinds.COMMUNITY_OFFICE}, RefusalCode.INVALID, "place_id"),
        (world.street, {"code": "WY-10", "compound_id": world.compound.id}, RefusalCode.INVALID, "compound_id"),
        (world.street, {"code": "WY-10", "functional": True}, RefusalCode.INVALID, "functional"),
    ):
        wrong: dict[str, Any] = {**asked, **changes}
        refused = await refusal(organisations.create(officer, place.id, **wrong))
        assert (refused.code, refused.path) == (code, (path,)), changes
    mobile = organisations.set_contact(officer, world.company.id, telephone="13800000000", address="", hours="")
    assert (await refusal(mobile)).path == ("telephone",)
    assert world.community.kind is PlaceKind.COMMUNITY


async def test_an_election_begins_a_term_and_ends_the_one_before(officer: Viewer, committee: Organisation) -> None:
    first, second = today() - 400 * _DAY, today() - 10 * _DAY
    await _hold(officer, committee, first, ends_on=first + 1000 * _DAY)
    await offices.fill_office(officer, committee.id, OfficeKind.CONTACT, "Door", starts_on=first)
    elected = [Elected(OfficeKind.CHAIR, "New chair"), Elected(OfficeKind.VICE_CHAIR, "New vice")]
    election = await _hold(officer, committee, second, elected=elected)
    assert await _held_on(committee, second - _DAY) == {("CHAIR", "No. 0"), ("MEMBER", "No. 1"), ("CONTACT", "Door")}
    assert await _held_on(committee, second) == {("CHAIR", "New chair"), ("VICE_CHAIR", "New vice"), ("CONTACT", "Door")}
    assert {row.how_ended for row in await Office.filter(lasts_to=second - _DAY)} == {OfficeEnd.TERM_OVER}
    assert (await Election.get(term_starts_on=first)).term_ends_on == second - _DAY
    body = await Organisation.get(id=committee.id)
    assert body.term_ends_on == election.term_ends_on
    with pytest.raises(IntegrityError):
        await Election.create(
            held_on=first,
            term_starts_on=second + _DAY,
            term_ends_on=second + _DAY,
            organisation_id=body.id,
            street_id=body.street_id,
        )
    told = (await Fact.filter(action="electionHold").order_by("-at").first()) or Fact()
    assert "New chair" not in f"{told.after}"


async def test_an_election_that_cannot_be_is_refused_with_the_field(
    world: World, officer: Viewer, committee: Organisation
) -> None:
    day = today() - 10 * _DAY
    refusals: list[tuple[dict[str, Any], tuple[str, ...]]] = [
        ({"ends_on": day - _DAY}, ("term_ends_on",)),
        ({"ends_on": day + 2000 * _DAY}, ("term_ends_on",)),
        ({"elected": _elected(OfficeKind.CHAIR, OfficeKind.CHAIR)}, ("elected", "1", "kind")),
        ({"elected": []}, ("elected",)),
        ({"term_starts_on": day - _DAY}, ("term_starts_on",)),
        ({"settings": Settings(committee_term_years=1), "ends_on": day + 366 * _DAY}, ("term_ends_on",)),
    ]
    for how, path in refusals:
        refused = await refusal(_hold(officer, committee, day, **how))
        assert (refused.code, refused.path) == (RefusalCode.INVALID, path), how
    assert (await refusal(_hold(officer, committee, today() + _DAY))).path == ("held_on",)
    assert (await refusal(_hold(officer, world.company, day))).path == ("organisation_id",)
    await _hold(officer, committee, day)
    refused = await refusal(_hold(officer, committee, day))
    assert (refused.code, refused.path) == (RefusalCode.CONFLICT, ("term_starts_on",))
    assert await Office.all().count() == 2


async def test_of_two_elections_at_once_one_stands(world: World, officer: Viewer, committee: Organisation) -> None:
    clerks = [officer, await somebody(Role.STREET_OFFICER, place=world.street)]
    answers = await asyncio.gather(*(_hold(clerk, committee, today()) for clerk in clerks), return_exceptions=True)
    (refused,) = (answer for answer in answers if isinstance(answer, Refused))
    assert (refused.code, refused.path) == (RefusalCode.CONFLICT, ("term_starts_on",))
    assert await Office.filter(kind=OfficeKind.CHAIR).count() == 1


async def test_a_chair_resigns_and_another_takes_over_within_the_term(officer: Viewer, committee: Organisation) -> None:
    day = today() - 100 * _DAY
    election = await _hold(officer, committee, day)
    chair = await Office.get(kind=OfficeKind.CHAIR)
    fill = {"officer": officer, "body": committee.id, "kind": OfficeKind.CHAIR, "holder": "Next"}

    def next_chair(**how: Any) -> Any:
        return offices.fill_office(*fill.values(), **how)  # pyright: ignore[reportArgumentType]

    refused = await refusal(next_chair())
    assert (refused.code, refused.path) == (RefusalCode.CONFLICT, ("starts_on",))
    assert (await refusal(next_chair(ends_on=election.term_ends_on + _DAY))).path == ("ends_on",)
    assert (await refusal(next_chair(starts_on=election.term_ends_on + _DAY))).path == ("starts_on",)
    assert (await refusal(offices.end_office(officer, chair.id, OfficeEnd.TERM_OVER))).path == ("how",)
    assert (await refusal(offices.end_office(officer, chair.id, OfficeEnd.RESIGNED, ends_on=day - _DAY))).path == ("ends_on",)
    chair = await offices.end_office(officer, chair.id, OfficeEnd.RESIGNED, ends_on=today() - _DAY, note="家中有事")
    assert (await refusal(offices.end_office(officer, chair.id, OfficeEnd.REMOVED))).code is RefusalCode.ILLEGAL_MOVE
    second = await next_chair()
    assert second.ends_on == election.term_ends_on
    third = await offices.fill_office(
        officer, committee.id, OfficeKind.CHAIR, "After next", starts_on=today() + _DAY, succeeds_id=second.id
    )
    second = await Office.get(id=second.id)
    assert (second.ends_on, second.how_ended) == (today(), OfficeEnd.SUCCEEDED)
    assert await _held_on(committee, today() + _DAY) == {("CHAIR", "After next"), ("MEMBER", "No. 1")}
    assert (await refusal(next_chair(starts_on=today() + 9 * _DAY, succeeds_id=chair.id))).path == ("succeeds_id",)
    with pytest.raises(IntegrityError):
        await Office.create(
            kind=OfficeKind.CHAIR,
            single=True,
            holder="Two at once",
            starts_on=third.starts_on,
            compound_id=committee.compound_id,
            organisation_id=committee.id,
            street_id=committee.street_id,
        )


async def test_a_company_has_a_manager_in_each_compound_and_one_in_each(world: World, officer: Viewer) -> None:
    await a_mandate(world.company, world.unserved)
    for compound in (world.compound, world.unserved):
        await offices.fill_office(officer, world.company.id, OfficeKind.MANAGER, "Manager", compound_id=compound.id)
    again = offices.fill_office(officer, world.company.id, OfficeKind.MANAGER, "Other", compound_id=world.compound.id)
    assert (await refusal(again)).code is RefusalCode.CONFLICT
    other = await an_organisation(world.street)
    elsewhere = offices.fill_office(officer, other.id, OfficeKind.MANAGER, "Nobody", compound_id=world.compound.id)
    assert (await refusal(elsewhere)).path == ("compound_id",)


async def test_an_office_gives_its_holders_account_no_role_and_forgets_the_name_with_the_account(
    world: World, officer: Viewer, committee: Organisation
) -> None:
    account = await an_account(street_id=world.street.id, name="王小明")
    given = (officer, committee.id, OfficeKind.MEMBER, "王小明")
    office = await offices.fill_office(*given, account_id=account.id)
    assert await RoleBinding.filter(account_id=account.id).count() == 0
    machine = await an_account(street_id=world.street.id, kind="SERVICE")
    assert (await refusal(offices.fill_office(*given, account_id=machine.id))).path == ("account_id",)
    await erase(await Account.get(id=account.id), Actor("system:test"))
    assert (await Office.get(id=office.id)).holder == "已注销用户"


async def test_the_end_of_a_term_and_of_a_paper_is_said_once_at_each_step(
    world: World, officer: Viewer, committee: Organisation
) -> None:
    for body in (committee, world.office):
        await a_channel(body)
    now = datetime.now(UTC)
    start = today() - 100 * _DAY
    await _hold(officer, committee, start, ends_on=today() + 100 * _DAY)
    assert [await offices.warn_of_terms(now, days) for days in (99, 180, 180)] == [0, 1, 0]
    assert await Notice.filter(type="steward.term.ending.v1").count() == 2
    paper = await papers.add_paper(
        *(officer, committee.id, PaperKind.FILING), number="备-1", issuer="街道", valid_from=start, valid_to=today() + 60 * _DAY
    )
    gone = await papers.add_paper(
        *(officer, committee.id, PaperKind.OTHER), number="2", issuer="街道", valid_from=start, valid_to=today() + 60 * _DAY
    )
    await papers.withdraw_paper(officer, gone.id)
    said = [await papers.warn_of_papers(now + timedelta(days=days), (90, 30)) for days in (0, 1, 31, 32, 70)]
    assert said == [1, 0, 1, 0, 0]
    assert (await Paper.get(id=paper.id)).warned_days == 30
    assert await Notice.filter(type="steward.paper.expiring.v1").count() == 4
