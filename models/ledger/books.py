"""Opening the books of a compound, and finding them."""

from datetime import date

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.ledger import CHART, BookRegime
from domain.organisations import MandateRole, OrganisationKind
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.calendar import today
from models.connection import constrained
from models.facts import record
from models.organisations import Mandate, Organisation
from models.permits import actor_of, found, permit
from models.roles import check_street
from models.territory import Compound

from .rows import Book, LedgerAccount

#: Nobody kept books of a compound here before.
EARLIEST = date(1990, 1, 1)


async def open_book(
    viewer: Viewer, compound_id: str, organisation_id: str, regime: BookRegime, *, opened_on: date | None = None
) -> Book:
    """The books of a compound that an organisation keeps, with every account of the chart, from ``opened_on`` (default: today).

    By the organisation's own people. Refuses NOT_FOUND, FORBIDDEN, INVALID (a day to come; an organisation that has nothing to
    do with the compound) and CONFLICT (they are open already).
    """
    day = opened_on or today()
    if not EARLIEST <= day <= today():
        raise Refused(
            RefusalCode.INVALID,
            Text(f"Books cannot be opened on {day}.", f"启用日期 {day} 无效。"),
            path=("opened_on",),
            hint=Text("Give the first day of which there will be entries, today or before.", "请填写不晚于今天的启用日期。"),
        )
    async with in_transaction():
        organisation = await found(Organisation, organisation_id, viewer, path=("organisation_id",))
        book = Book(regime=regime, opened_on=day, organisation_id=organisation.id, street_id=organisation.street_id)
        permit(viewer, "bookOpen", book)
        compound = await found(Compound, compound_id, viewer, path=("compound_id",))
        check_street(compound, organisation.street_id, ("compound_id",))
        book.compound_id = compound.id
        await _check_keeper(organisation, compound)
        async with constrained(_open_already()):
            await book.save(force_create=True)
        await add_accounts(book)
        await record(actor_of(viewer), "bookOpen", book, after={"regime": regime, "opened_on": day.isoformat()})
        return book


async def add_accounts(book: Book) -> None:
    """Give a new book the accounts of the chart."""
    place = {"compound_id": book.compound_id, "organisation_id": book.organisation_id, "street_id": book.street_id}
    await LedgerAccount.bulk_create(
        [LedgerAccount(code=code, type=kind.type, fund=kind.fund, book_id=book.id, **place) for code, kind in CHART.items()]
    )


async def book_of(compound_id: str, organisation_id: str) -> Book | None:
    """The book of the compound that the organisation keeps; None: none is open."""
    return await Book.get_or_none(compound_id=compound_id, organisation_id=organisation_id, closed_on=None)


async def kept(viewer: Viewer, book_id: str, act: str, *, path: tuple[str, ...] = ("book_id",)) -> Book:
    """The book in which the viewer may do ``act``. It is not held: posting does that. Refuses NOT_FOUND and FORBIDDEN."""
    book = await found(Book, book_id, viewer, path=path)
    permit(viewer, act, book)
    return book


def _open_already() -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text("The organisation keeps books of this compound already.", "该单位已为该小区建账。"),
        path=("compound_id",),
        hint=Text("Use those, or close them first: bookClose.", "请使用现有账套，或先停用（bookClose）。"),
    )


async def _check_keeper(organisation: Organisation, compound: Compound) -> None:
    """The organisation serves or governs the compound, is its own body, or its community's office."""
    own = organisation.compound_id == compound.id
    office = organisation.kind is OrganisationKind.COMMUNITY_OFFICE and organisation.place_id == compound.community_id
    roles = [MandateRole.SERVES, MandateRole.GOVERNS, MandateRole.REPRESENTS]
    mandates = Mandate.filter(compound_id=compound.id, organisation_id=organisation.id, role__in=roles)
    if own or office or await mandates.exists():
        return
    raise Refused(
        RefusalCode.INVALID,
        Text("The organisation neither serves nor governs this compound.", "该单位与该小区没有服务或治理关系。"),
        path=("organisation_id",),
        hint=Text("Have its mandate recorded first: mandateStart.", "请先登记服务关系（mandateStart）。"),
    )
