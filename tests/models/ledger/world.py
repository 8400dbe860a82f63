"""A compound with a company that keeps its books, a committee of its own, homes, and their people."""

from domain.access import Role, Viewer
from domain.ledger import BookRegime
from domain.organisations import MandateRole, OrganisationKind
from models import Book, Compound, Home, Organisation, Place
from models.calendar import today
from models.ledger import open_book
from tests.builders import (
    a_building,
    a_community,
    a_community_office,
    a_company_serving,
    a_compound,
    a_home,
    a_mandate,
    a_street,
    a_unit,
    an_organisation,
)
from tests.models.ticket_world import somebody


class BookWorld:
    """The company's book is of this year and the last; the committee keeps none yet."""

    street: Place
    community: Place
    office: Organisation
    compound: Compound
    company: Organisation
    committee: Organisation
    homes: list[Home]
    manager: Viewer
    other_manager: Viewer
    cashier: Viewer
    member: Viewer
    clerk: Viewer
    officer: Viewer
    book: Book


async def a_book_world(regime: BookRegime = BookRegime.LUMP_SUM) -> BookWorld:
    made = BookWorld()
    made.street = await a_street()
    made.community = await a_community(made.street)
    made.office = await a_community_office(made.community)
    made.compound = await a_compound(made.community)
    made.company = await a_company_serving(made.compound)
    made.committee = await an_organisation(
        made.street, kind=OrganisationKind.OWNERS_COMMITTEE, name="Committee", compound_id=made.compound.id
    )
    await a_mandate(made.committee, made.compound, role=MandateRole.REPRESENTS)
    unit = await a_unit(await a_building(made.compound))
    made.homes = [await a_home(unit) for _ in range(3)]
    made.manager = await somebody(Role.COMPANY_MANAGER, organisation=made.company)
    made.other_manager = await somebody(Role.COMPANY_MANAGER, organisation=made.company)
    made.cashier = await somebody(Role.COMPANY_STAFF, organisation=made.company)
    made.member = await somebody(Role.COMMITTEE_MEMBER, organisation=made.committee)
    made.clerk = await somebody(Role.COMMUNITY_STAFF, place=made.community, organisation_id=made.office.id)
    made.officer = await somebody(Role.STREET_OFFICER, place=made.street)
    first = today().replace(year=today().year - 1, month=1, day=1)
    made.book = await open_book(made.manager, made.compound.id, made.company.id, regime, opened_on=first)
    return made
