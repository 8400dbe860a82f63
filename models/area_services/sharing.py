"""What an area-wide service cost, shared over its compounds by area and days, exact to the fen."""

from datetime import date
from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.area_services import REASON_MAX, TITLE_MAX, Stay, check_period, parts_of
from domain.money import fen
from domain.texts import written
from models.calendar import now
from models.facts import record
from models.permits import actor_of, permitted

from .rows import AreaService, AreaServiceCost, AreaServiceMember, AreaServiceShare


async def share_cost(
    viewer: Viewer, area_service_id: str, title: str, total: Decimal, period_from: date, period_to: date
) -> AreaServiceCost:
    """Share what the service cost from ``period_from`` to ``period_to`` (both included): each compound bears by its area and the
    days on which it was in, by largest remainder, so that the shares add up to the total.

    A compound that joins or leaves later changes nothing here. Refuses NOT_FOUND, FORBIDDEN and INVALID (a title of 1 to 120
    characters, an amount of less than a fen, a period, nobody in it).
    """
    title, total = written(title, "title", TITLE_MAX), fen(total, "total")
    check_period(period_from, period_to)
    async with in_transaction():
        service = await permitted(AreaService, area_service_id, viewer, "areaServiceShareCost", path=("area_service_id",))
        members = await AreaServiceMember.filter(area_service_id=service.id).order_by("joins_on", "id")
        stays = [Stay(each.compound_id, each.area_m2, each.joins_on, each.leaves_on) for each in members]
        parts = parts_of(total, stays, period_from, period_to)
        cost = await AreaServiceCost.create(
            title=title,
            total=total,
            period_from=period_from,
            period_to=period_to,
            shared_at=now(),
            area_service_id=service.id,
            street_id=service.street_id,
        )
        shares = [
            AreaServiceShare(
                area_m2=part.stay.area_m2,
                days=part.days,
                amount=part.amount,
                cost_id=cost.id,
                compound_id=part.stay.compound_id,
                street_id=service.street_id,
            )
            for part in parts
        ]
        await AreaServiceShare.bulk_create(shares)
        told = {"period_from": period_from.isoformat(), "period_to": period_to.isoformat(), "amount": str(total)}
        await record(actor_of(viewer), "areaServiceShareCost", cost, after=told)
        return cost


async def withdraw_cost(viewer: Viewer, cost_id: str, reason: str) -> AreaServiceCost:
    """Withdraw a cost that was shared wrongly; it stays on record with the reason. Withdrawn again, nothing happens.

    Refuses NOT_FOUND, FORBIDDEN and INVALID (a reason of 1 to 500 characters).
    """
    reason = written(reason, "reason", REASON_MAX)
    async with in_transaction():
        cost = await permitted(AreaServiceCost, cost_id, viewer, "areaServiceWithdrawCost")
        if cost.withdrawn_at is None:
            cost.withdrawn_at, cost.withdrawn_why = now(), reason
            await cost.save(update_fields=["withdrawn_at", "withdrawn_why"])
            await record(actor_of(viewer), "areaServiceWithdrawCost", cost)
        return cost
