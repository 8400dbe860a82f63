"""Sealed bids: handed in, replaced and withdrawn until the moment at which bids end; never read before they are opened."""

import secrets
from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.organisations import OrganisationKind
from domain.tenders import BidState, TenderMove, TenderState, check_offer, illegal, invalid, is_late, sealed_form
from domain.texts import written
from domain.words import Text
from models.calendar import now
from models.facts import record
from models.organisations import Organisation
from models.organisations.keeping import check_going_on
from models.permits import actor_of, found, permitted
from models.secrets import seal
from settings import Settings, load

from .announcing import step
from .rows import Bid, BidScore, Tender

WHY_MAX = 500


def place_of(bid_id: str) -> str:
    """For which place the content of a bid is sealed."""
    return f"{bid_id}.content"


async def submit(viewer: Viewer, organisation_id: str, tender_id: str, *, price: Decimal, offer: str, settings: Settings) -> Bid:
    """Hand in a company's bid; one that it handed in before is replaced, and its content destroyed.

    ``price``: yuan per square metre and month. Refuses NOT_FOUND, FORBIDDEN, INVALID (price, text, an organisation that is no
    property company) and ILLEGAL_MOVE (at the moment at which bids end, or later). Raises NoSecretKey.
    """
    async with in_transaction():
        company = await permitted(Organisation, organisation_id, viewer, "bidSubmit", path=("organisation_id",))
        if company.kind is not OrganisationKind.PROPERTY_COMPANY:
            raise invalid(
                "organisation_id",
                Text("Property companies bid.", "仅物业公司可以投标。"),
                Text("Name your company.", "请选择本物业公司。"),
            )
        check_going_on(company, "organisation_id")
        said = check_offer(price, offer, secrets.token_hex(16))
        tender = await _taking(viewer, tender_id)
        form, digest = sealed_form(said)
        before = await Bid.get_or_none(tender_id=tender.id, organisation_id=company.id, state=BidState.SEALED)
        if before is not None:
            await _destroy(before, BidState.REPLACED)
        bid = Bid(
            digest=digest,
            submitted_at=now(),
            tender_id=tender.id,
            organisation_id=company.id,
            street_id=tender.street_id,
        )
        bid.sealed = seal(form, settings, of=place_of(bid.id))
        await bid.save(force_create=True)
        await record(actor_of(viewer), "bidSubmit", bid, after={"state": bid.state})
        return bid


async def withdraw(viewer: Viewer, bid_id: str) -> Bid:
    """Take a bid back before bids end; its content is destroyed.

    Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE (bids have ended, or it was withdrawn or replaced before).
    """
    async with in_transaction():
        bid = await permitted(Bid, bid_id, viewer, "bidWithdraw")
        tender = await Tender.select_for_update().get(id=bid.tender_id)
        if bid.state is not BidState.SEALED or tender.state is not TenderState.ANNOUNCED or is_late(now(), tender.bids_until):
            raise illegal(
                Text("It can be taken back no more.", "该投标已不能撤回。"),
                Text("Until bids end a sealed bid is withdrawn or replaced.", "投标截止前方可撤回或替换已密封的投标。"),
            )
        await _destroy(bid, BidState.WITHDRAWN)
        await record(actor_of(viewer), "bidWithdraw", bid, after={"state": bid.state})
        return bid


async def reject(viewer: Viewer, bid_id: str, *, reason: str) -> Bid:
    """Find that an opened bid is not what was asked for, before anybody has scored. Fewer than the law asks for may be left.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (no reason) and ILLEGAL_MOVE (it is not to be scored, or somebody has scored).
    """
    async with in_transaction():
        bid = await permitted(Bid, bid_id, viewer, "bidReject")
        why = written(reason, "reason", WHY_MAX)
        tender = await Tender.select_for_update().get(id=bid.tender_id)
        scored = await BidScore.filter(bid_id__in=await _ids(tender.id, BidState.OPENED)).exists()
        if bid.state is not BidState.OPENED or tender.state is not TenderState.OPENED or scored:
            raise illegal(
                Text("It can be rejected no more.", "该投标已不能否决。"),
                Text("Bids are rejected after they were opened and before they are scored.", "应在开标后、评分前否决。"),
            )
        bid.update_from_dict({"state": BidState.REJECTED, "rejected_why": why, "ended_at": now()})
        await bid.save(update_fields=["state", "rejected_why", "ended_at"])
        await record(actor_of(viewer), "bidReject", bid, after={"state": bid.state})
        if len(await _ids(tender.id, BidState.OPENED)) < load().tender_least_bids:
            await step(viewer, tender, TenderMove.FALL_SHORT, "bidReject")
        return bid


async def _ids(tender_id: str, state: BidState) -> list[str]:
    return [bid.id for bid in await Bid.filter(tender_id=tender_id, state=state).order_by("id").only("id")]


async def _destroy(bid: Bid, state: BidState) -> None:
    bid.update_from_dict({"state": state, "sealed": None, "ended_at": now()})
    await bid.save(update_fields=["state", "sealed", "ended_at"])


async def _taking(viewer: Viewer, tender_id: str) -> Tender:
    """The tender, locked, if it still takes bids: the moment that counts is the one at which it is held."""
    tender = await found(Tender, tender_id, viewer, path=("tender_id",), lock=True)
    if tender.state is not TenderState.ANNOUNCED or is_late(now(), tender.bids_until):
        raise illegal(
            Text("Bids have ended.", "投标已截止。"),
            Text("Bids that come at the last moment or later are not taken.", "截止时刻及之后送达的投标不予接收。"),
            "tender_id",
        )
    return tender
