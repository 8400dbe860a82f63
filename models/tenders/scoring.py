"""Scoring: by named people who say first whether their interests conflict; final once all points are in."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.permits import may
from domain.refusals import RefusalCode, Refused
from domain.tenders import BidState, Criterion, TenderMove, TenderState, check_points, illegal, invalid, ranked, weighted
from domain.texts import written
from domain.words import Text
from models.accounts import Account
from models.calendar import now
from models.connection import constrained
from models.facts import record
from models.permits import actor_of, found, permitted
from models.viewers import viewer_of
from settings import load

from .announcing import step
from .rows import Bid, BidScore, Tender, TenderScorer

CONFLICT_MAX = 300
_SHOWN = Decimal("0.0001")


async def name_scorer(viewer: Viewer, tender_id: str, account_id: str) -> TenderScorer:
    """Let somebody of the owners' side or of the offices score the bids.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (somebody who may not score here), ILLEGAL_MOVE (bids are not to be scored any more) and
    CONFLICT (they were named before).
    """
    async with in_transaction():
        tender = await permitted(Tender, tender_id, viewer, "tenderScorerName")
        account = await found(Account, account_id, viewer, path=("account_id",))
        able = await viewer_of(account.id)
        if able is None or not may(able, "tenderScore", "Tender", tender.belongs()):
            raise invalid(
                "account_id",
                Text("They may not score bids of this compound.", "该人员不能参与本小区评标。"),
                Text("Name a member of the owners' body or somebody of the offices.", "请选择业主组织成员或社区、街道人员。"),
            )
        if tender.state not in {TenderState.ANNOUNCED, TenderState.OPENED}:
            raise illegal(
                Text("Bids are not to be scored any more.", "评标已结束，不能再增加评委。"),
                Text("Those who scored have scored.", "评标结果以已有评分为准。"),
            )
        again = Refused(
            RefusalCode.CONFLICT,
            Text("They were named before.", "该人员已是评委。"),
            path=("account_id",),
            hint=Text("Name somebody else.", "请选择其他人员。"),
        )
        made = TenderScorer(
            named_at=now(),
            tender_id=tender.id,
            account_id=account.id,
            compound_id=tender.compound_id,
            street_id=tender.street_id,
        )
        async with constrained(again):
            await made.save(force_create=True)
        await record(actor_of(viewer), "tenderScorerName", tender, after={"account": account.id})
        return made


async def declare(viewer: Viewer, scorer_id: str, *, conflicted: bool, conflict: str = "") -> TenderScorer:
    """Say whether one's interests conflict with those of a bidder, before scoring, and once.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (somebody else, no words for a conflict) and ILLEGAL_MOVE (bids are still sealed, or it
    was said before).
    """
    async with in_transaction():
        scorer = await permitted(TenderScorer, scorer_id, viewer, "tenderScorerDeclare")
        tender = await Tender.select_for_update().get(id=scorer.tender_id)
        if scorer.account_id != viewer.account_id:
            raise invalid(
                "id",
                Text("Everybody speaks of their own interests.", "利益冲突须由评委本人声明。"),
                Text("Let them declare it.", "请由评委本人声明。"),
            )
        if tender.state is not TenderState.OPENED or scorer.conflicted is not None:
            raise illegal(
                Text("It is declared once, when it is known who bids.", "开标后由本人声明一次。"),
                Text("Wait for the opening; what was declared stands.", "请在开标后声明；已声明的不能更改。"),
            )
        words = written(conflict, "conflict", CONFLICT_MAX, least=1 if conflicted else 0)
        scorer.update_from_dict({"conflicted": conflicted, "conflict": words, "declared_at": now()})
        await scorer.save(update_fields=["conflicted", "conflict", "declared_at"])
        await record(actor_of(viewer), "tenderScorerDeclare", tender, after={"conflicted": conflicted})
        await _finish(viewer, tender, "tenderScorerDeclare")
        return scorer


async def score(viewer: Viewer, tender_id: str, points: Mapping[str, Sequence[int]]) -> Tender:
    """Give points to every bid that was opened, by its id, in the order of the criteria; once. The last makes it final.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (points, bids left out, somebody who was not named) and ILLEGAL_MOVE (not declared, a
    conflict, scored before).
    """
    async with in_transaction():
        tender = await permitted(Tender, tender_id, viewer, "tenderScore")
        scorer = await TenderScorer.get_or_none(tender_id=tender.id, account_id=viewer.account_id)
        if scorer is None:
            raise invalid(
                "id",
                Text("You were not named to score.", "您不是本次评标的评委。"),
                Text("Leave it to those who were.", "请由评委评分。"),
            )
        if tender.state is not TenderState.OPENED or scorer.conflicted is not False or scorer.scored_at is not None:
            raise illegal(
                Text("Whoever has declared that nothing conflicts scores once.", "已声明无利益冲突的评委方可评分，且仅限一次。"),
                Text("Declare it first (tenderScorerDeclare).", "请先声明有无利益冲突（tenderScorerDeclare）。"),
            )
        criteria = criteria_of(tender)
        bids = await Bid.filter(tender_id=tender.id, state=BidState.OPENED).order_by("id")
        if {bid.id for bid in bids} != set(points):
            raise invalid(
                "bids",
                Text("All bids that were opened are scored, each once.", "须对全部有效投标逐一评分。"),
                Text(f"Give points to these {len(bids)} and no others.", f"请对 {len(bids)} 份有效投标评分。"),
            )
        moment = now()
        for bid in bids:
            given = check_points(criteria, points[bid.id])
            await BidScore.create(
                points=given,
                weighted=weighted(criteria, given),
                scored_at=moment,
                bid_id=bid.id,
                account_id=scorer.account_id,
                street_id=tender.street_id,
            )
        scorer.scored_at = moment
        await scorer.save(update_fields=["scored_at"])
        await record(actor_of(viewer), "tenderScore", tender, after={"count": len(bids)})
        await _finish(viewer, tender, "tenderScore")
        return tender


def criteria_of(tender: Tender) -> list[Criterion]:
    return [Criterion(str(each["name"]), int(each["weight"])) for each in tender.criteria]


async def _finish(viewer: Viewer, tender: Tender, act: str) -> None:
    """Let the scores be final if all who score have scored, and they are enough."""
    scorers = await TenderScorer.filter(tender_id=tender.id)
    scoring = [each for each in scorers if each.conflicted is not True]
    if len(scoring) < load().tender_least_scorers or any(each.scored_at is None for each in scoring):
        return
    bids = {bid.id: bid for bid in await Bid.filter(tender_id=tender.id, state=BidState.OPENED)}
    given: dict[str, list[int]] = {}
    for each in await BidScore.filter(bid_id__in=list(bids)):
        given.setdefault(each.bid_id, []).append(each.weighted)
    for bid_id, standing in ranked(given).items():
        exact = standing.score
        shown = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_SHOWN, ROUND_HALF_UP)
        bids[bid_id].update_from_dict({"score": shown, "place": standing.rank})
        await bids[bid_id].save(update_fields=["score", "place"])
    await BidScore.filter(bid_id__in=list(bids)).update(final_street_id=tender.street_id, final_compound_id=tender.compound_id)
    await step(viewer, tender, TenderMove.SCORE, act, scored_at=now())
