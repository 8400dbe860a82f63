"""Announcing a tender, adding to what companies bid for, calling it off; and who hears of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.notices import TENDER_MOVED, Announcement
from domain.organisations import MandateService, OrganisationKind
from domain.tenders import (
    BidState,
    Criterion,
    TenderMove,
    TenderState,
    TenderTimes,
    check_criteria,
    check_times,
    illegal,
    invalid,
    is_late,
    moved,
)
from domain.texts import written
from domain.tickets.routing import RouteTarget
from domain.words import Text
from models.calendar import now, today
from models.consultations import Consultation
from models.facts import record
from models.notices import announce as tell
from models.organisations import Organisation
from models.organisations.rows import lasting
from models.permits import actor_of, found, permitted, unchanged
from models.territory import Compound
from models.tickets.routing import those_around
from models.work import ringing
from settings import load

from .rows import Bid, Tender, TenderDocument

TITLE_MAX, NOTICE_MAX, BODY_MAX, WHY_MAX, MONTHS_MAX, DOCUMENTS_MAX = 120, 8_000, 20_000, 500, 120, 50


async def announce(
    viewer: Viewer,
    compound_id: str,
    *,
    title: str,
    notice: str,
    criteria: Sequence[Criterion],
    contract_months: int,
    questions_until: datetime,
    bids_until: datetime,
    opens_at: datetime | None = None,
    service: MandateService = MandateService.FULL,
    consultation_id: str | None = None,
) -> Tender:
    """Announce an open tender to every company of the street. ``opens_at``: by default when bids end, as the law says.

    Refuses NOT_FOUND, FORBIDDEN and INVALID (weights that do not add up to 100, times, months of 1 to 120, text, a
    consultation of another compound).
    """
    async with ringing(), in_transaction():
        compound = await permitted(Compound, compound_id, viewer, "tenderAnnounce", path=("compound_id",))
        judged = check_criteria(criteria)
        times = TenderTimes(questions_until, bids_until, opens_at or bids_until)
        moment = now()
        check_times(times, moment, load().tender_least_days)
        if not 1 <= contract_months <= MONTHS_MAX:
            raise invalid(
                "contract_months",
                Text("A contract lasts a month at least.", "合同期限无效。"),
                Text(f"Give 1 to {MONTHS_MAX} months.", f"请填写 1 到 {MONTHS_MAX} 个月。"),
            )
        asked = await found(Consultation, consultation_id, viewer, path=("consultation_id",)) if consultation_id else None
        if asked is not None and asked.compound_id != compound.id:
            raise invalid(
                "consultation_id",
                Text("That consultation is of another compound.", "该征询不属于此小区。"),
                Text("Name one of this compound, or none.", "请选择本小区的征询，或留空。"),
            )
        made = await Tender.create(
            title=written(title, "title", TITLE_MAX),
            notice=written(notice, "notice", NOTICE_MAX),
            criteria=[{"name": each.name, "weight": each.weight} for each in judged],
            contract_months=contract_months,
            service=service,
            announced_at=moment,
            questions_until=times.questions_until,
            bids_until=times.bids_until,
            opens_at=times.opens_at,
            consultation_id=asked and asked.id,
            compound_id=compound.id,
            street_id=compound.street_id,
        )
        await record(actor_of(viewer), "tenderAnnounce", made, after={"service": service, "due_at": bids_until.isoformat()})
        companies = Organisation.filter(lasting(today()), kind=OrganisationKind.PROPERTY_COMPANY, street_id=made.street_id)
        said = Text(
            f"{made.title}: companies may bid until {bids_until:%Y-%m-%d %H:%M}.",
            f"{made.title}：投标截止 {bids_until:%Y-%m-%d %H:%M}。",
        )
        await tell_of(made, compound, said, {each.id for each in await companies.only("id")})
        return made


async def add_document(viewer: Viewer, tender_id: str, *, title: str, body: str) -> TenderDocument:
    """Add to what companies bid for; while they may still ask about it.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (text) and ILLEGAL_MOVE (questions have ended, or there are 50).
    """
    async with ringing(), in_transaction():
        tender = await permitted(Tender, tender_id, viewer, "tenderDocumentAdd")
        there = await TenderDocument.filter(tender_id=tender.id).count()
        if tender.state is not TenderState.ANNOUNCED or is_late(now(), tender.questions_until) or there >= DOCUMENTS_MAX:
            raise illegal(
                Text("Nothing can be added to it any more.", "提问截止后不能再补充招标文件。"),
                Text("Call it off and announce it anew if it must change.", "如须修改，请终止后重新公告。"),
            )
        text = written(body, "body", BODY_MAX)
        made = await TenderDocument.create(
            number=there + 1,
            title=written(title, "title", TITLE_MAX),
            body=text,
            sha256=sha256(text.encode()).hexdigest(),
            added_at=now(),
            tender_id=tender.id,
            compound_id=tender.compound_id,
            street_id=tender.street_id,
        )
        await record(actor_of(viewer), "tenderDocumentAdd", tender, after={"number": made.number})
        return made


async def cancel(viewer: Viewer, tender_id: str, *, reason: str, expected_version: int | None = None) -> Tender:
    """Call a tender off, with the reason told to everybody; what is sealed is destroyed unread.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (no reason), ILLEGAL_MOVE (it is over) and STALE_VERSION.
    """
    async with ringing(), in_transaction():
        tender = await permitted(Tender, tender_id, viewer, "tenderCancel")
        unchanged(tender.version, expected_version)
        why = written(reason, "reason", WHY_MAX)
        bidders = await bidders_of(tender.id)
        await Bid.filter(tender_id=tender.id, state=BidState.SEALED).update(state=BidState.WITHDRAWN, sealed=None, ended_at=now())
        await step(viewer, tender, TenderMove.CANCEL, "tenderCancel", cancelled_why=why)
        compound = await Compound.get(id=tender.compound_id)
        said = Text(f"{tender.title} was called off.", f"{tender.title}已终止。")
        await tell_of(tender, compound, said, bidders | await owners_side(tender.compound_id))
        return tender


async def step(viewer: Viewer, tender: Tender, move: TenderMove, act: str, **changes: object) -> None:
    """Move the tender, which the caller has locked, with what changes besides, and record it."""
    before = tender.state
    tender.update_from_dict({**changes, "state": moved(before, move), "version": tender.version + 1})
    await tender.save(update_fields=[*changes, "state", "version"])
    await record(actor_of(viewer), act, tender, before={"state": before}, after={"state": tender.state})


async def bidders_of(tender_id: str) -> set[str]:
    """The companies whose bids are sealed or opened."""
    ended = [BidState.WITHDRAWN, BidState.REPLACED]
    return {bid.organisation_id for bid in await Bid.filter(tender_id=tender_id).exclude(state__in=ended).only("organisation_id")}


async def owners_side(compound_id: str) -> set[str]:
    """The organisations that stand for the owners, and the community's office."""
    around = await those_around(compound_id, today())
    return {id_ for target, id_ in around.items() if target in {RouteTarget.COMMITTEE, RouteTarget.COMMUNITY}}


async def tell_of(tender: Tender, compound: Compound, said: Text, organisations: Collection[str]) -> None:
    """Tell these organisations where the tender stands. Companies hear of it though they do not look after the compound."""
    await tell(
        Announcement(
            type=TENDER_MOVED,
            topic=f"{tender.id} {tender.version}",
            data={
                "message": said.both(),
                "compound": {"id": compound.id, "code": compound.code, "name": compound.name},
                "tender": {
                    "id": tender.id,
                    "title": tender.title,
                    "state": tender.state,
                    "bidsUntil": tender.bids_until.isoformat(),
                },
            },
            street_id=tender.street_id,
            compound_id=None,
            organisations=frozenset(organisations),
        )
    )
