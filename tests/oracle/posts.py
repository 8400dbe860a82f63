"""Staffed posts, stints and visitor passes: hostile names, odd hours, ties, and rows that belong in several ways."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import models
from domain.passes import PassState
from domain.posts import PostKind

from .hostile import MOMENTS, Making

_BIG = 2147483647
_NEVER = PassState.ISSUED, PassState.CANCELLED, PassState.EXPIRED


async def fill_posts(m: Making, compounds: list[models.Compound], homes: list[models.Home]) -> None:
    """Some posts of every compound; of some accounts a stint and a pass."""
    accounts = await models.Account.all().order_by("id")
    for compound in compounds:
        place: dict[str, Any] = {"compound_id": compound.id, "street_id": compound.street_id}
        for n in range(m.of([1, 2, 3])):
            opens, closes = m.of([(None, None), ("00:00", "23:59"), ("23:59", "00:00")])
            ended: Any = m.maybe(MOMENTS)
            post = await models.Post.create(
                id=m.id(models.Post),
                kind=m.of(PostKind),
                name=m.text(),
                opens=opens,
                closes=closes,
                least_staff=m.of([1, _BIG]),
                certified=m.of([True, False]),
                opened_at=m.moment(),
                ended_at=ended,
                short_since=None if ended else m.maybe(MOMENTS),
                **place,
            )
            for account in accounts[n::5]:
                began = MOMENTS[-1] + timedelta(days=2 * len(m.text()) + 400 * n)
                if await models.PostStint.exists(account_id=account.id, began_at=began):
                    continue
                await models.PostStint.create(
                    id=m.id(models.PostStint),
                    began_at=began,
                    ended_at=began + timedelta.resolution,
                    lapsed=m.of([True, False]),
                    certificate_until=m.maybe([date(2024, 2, 29), date(2999, 12, 31)]),
                    note=m.text(500),
                    post_id=post.id,
                    account_id=account.id,
                    **place,
                )
            await _passes(m, accounts[: m.of([2, 9])], place, post_id=post.id)
        for home in homes:
            if home.compound_id == compound.id:
                await _passes(m, accounts[:: m.of([3, 4])], place, home_id=home.id)


async def _passes(m: Making, issuers: list[models.Account], place: dict[str, Any], **owner: Any) -> None:
    for issuer in issuers:
        come, starts = m.of([True, False]), m.moment()
        times: dict[str, Any] = {"admitted_at": starts, "left_at": m.maybe([starts])} if come else {}
        state = (PassState.LEFT if times["left_at"] else PassState.INSIDE) if come else m.of(_NEVER)
        await models.VisitorPass.create(
            id=m.id(models.VisitorPass),
            digest=m.code(64),
            state=state,
            people=m.of([1, _BIG]),
            by_vehicle=m.of([True, False]),
            valid_from=starts,
            valid_until=starts + timedelta.resolution,
            issued_at=m.moment(),
            place=m.text(260),
            home=m.text(),
            issued_by_id=issuer.id,
            gate_compound_id=m.maybe([place["compound_id"]]),
            **times,
            **owner,
            **place,
        )
