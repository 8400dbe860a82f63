"""Opening the bids: at the hour and not before, by two people. Whoever tries earlier is refused, and it is put on record."""

from datetime import datetime

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from domain.tenders import BidState, TenderMove, TenderState, after_opening, illegal, moved, opened
from domain.words import Text
from models.calendar import now
from models.facts import record
from models.permits import actor_of, permitted
from models.secrets import NotOpened, open_sealed
from models.territory import Compound
from models.work import ringing
from settings import Settings, load

from .announcing import bidders_of, owners_side, step, tell_of
from .bidding import place_of
from .rows import Bid, Tender


async def refuse_early(viewer: Viewer, tender_id: str) -> None:
    """Refuses (ILLEGAL_MOVE) to open bids before the hour, and keeps on record that somebody tried: call it outside of any
    transaction. Refuses NOT_FOUND and FORBIDDEN too."""
    async with in_transaction():
        tender = await permitted(Tender, tender_id, viewer, "tenderOpenBids")
        early = tender.state is TenderState.ANNOUNCED and now() < tender.opens_at
        if early:
            await record(actor_of(viewer), "tenderOpenEarly", tender)
    if early:
        raise _early(tender.opens_at)


async def open_bids(viewer: Viewer, tender_id: str, *, settings: Settings) -> Tender:
    """Open the bids of a tender, at ``opens_at`` or later: the first of two people says so, the second does it.

    Fewer than the law asks for are opened too; then the owners may agree with a company, if the district approves. A bid that was
    tampered with counts for none. Refuses NOT_FOUND, FORBIDDEN, ILLEGAL_MOVE (before the hour, or opened before) and CONFLICT
    (the same person twice). Raises NoSecretKey.
    """
    async with ringing(), in_transaction():
        tender = await permitted(Tender, tender_id, viewer, "tenderOpenBids")
        moved(tender.state, TenderMove.OPEN)
        if now() < tender.opens_at:
            raise _early(tender.opens_at)
        if tender.first_opener_id is None:
            tender.first_opener_id = viewer.account_id
            await tender.save(update_fields=["first_opener_id"])
            await record(actor_of(viewer), "tenderOpenBids", tender, after={"state": tender.state})
            return tender
        if tender.first_opener_id == viewer.account_id:
            raise Refused(
                RefusalCode.CONFLICT,
                Text("Two people open bids, and you are the first.", "开标须由两人共同进行，您已确认。"),
                path=("id",),
                hint=Text("Let somebody else be the second.", "请由另一人确认。"),
            )
        bids = await Bid.filter(tender_id=tender.id, state=BidState.SEALED).select_for_update().order_by("id")
        intact = [await _open(bid, tender, settings) for bid in bids]
        move = after_opening(sum(intact), load().tender_least_bids)
        await step(
            *(viewer, tender, move, "tenderOpenBids"),
            second_opener_id=viewer.account_id,
            opened_at=now(),
            bid_count=len(bids),
        )
        said = Text(f"{tender.title}: {len(bids)} bids were opened.", f"{tender.title}：已开标，共 {len(bids)} 份投标。")
        compound = await Compound.get(id=tender.compound_id)
        await tell_of(tender, compound, said, await bidders_of(tender.id) | await owners_side(tender.compound_id))
        return tender


def _early(opens_at: datetime) -> Refused:
    return illegal(
        Text(f"Bids are opened at {opens_at:%Y-%m-%d %H:%M} and not before.", f"未到开标时间（{opens_at:%Y-%m-%d %H:%M}）。"),
        Text("Come back at the hour; this attempt is on record.", "请于开标时间再操作；本次操作已记录。"),
    )


async def _open(bid: Bid, tender: Tender, settings: Settings) -> bool:
    """Whether it was what had been handed in."""
    shown = {"opened_street_id": tender.street_id, "opened_compound_id": tender.compound_id, "sealed": None}
    try:
        offer, digest = opened(open_sealed(bid.sealed or b"", settings, of=place_of(bid.id)))
        intact = digest == bid.digest
    except (NotOpened, ValueError):
        offer, intact = None, False
    if intact and offer is not None:
        told = {"state": BidState.OPENED, "price": offer.price, "offer": offer.text, "intact": True}
    else:
        told = {"state": BidState.REJECTED, "intact": False, "ended_at": now()}
    bid.update_from_dict({**shown, **told})
    await bid.save(update_fields=[*shown, *told])
    return intact
