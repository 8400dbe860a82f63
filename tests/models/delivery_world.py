"""What the tests of delivery stand on: notices that wait, and attempts that end as they are told to."""

from datetime import UTC, datetime, timedelta

from domain.notices import NoticeState
from domain.notices.delivery import PAUSES_AT, Breaker, Outcome
from models import Channel, Notice
from models.notices.delivery import Attempt, Taken, settle, take_up
from settings import Settings

SECOND = timedelta(seconds=1)
ACCEPTED, REFUSED = Outcome.ACCEPTED, Outcome.REFUSED


async def notices_to(channel: Channel, count: int, **columns: object) -> list[Notice]:
    """Notices that wait, made one after the other."""
    begun = datetime.now(UTC) - timedelta(minutes=1)
    return [
        await Notice.create(
            **{
                "type": "steward.alert.raised.v1",
                "topic": f"topic {n} {await Notice.all().count()}",
                "payload": {},
                "state": NoticeState.PENDING,
                "created_at": begun + n * SECOND,
                "next_attempt_at": begun,
                "channel_id": channel.id,
                "organisation_id": channel.organisation_id,
                "account_id": channel.account_id,
                "street_id": channel.street_id,
                **columns,
            }
        )
        for n in range(count)
    ]


async def taken(notice: Notice) -> Taken:
    found = await take_up(notice.id)
    assert isinstance(found, Taken), found
    return found


async def went(notice: Notice, settings: Settings, outcome: Outcome, **more: object) -> timedelta | None:
    """Take it up, and settle it so."""
    attempt = Attempt(datetime.now(UTC), timedelta(milliseconds=250), outcome, problem="" if outcome is ACCEPTED else "HTTP 500")
    return await settle(await taken(notice), Attempt(**{**attempt.__dict__, **more}), settings)


async def fresh(channel: Channel) -> Channel:
    return await Channel.get(id=channel.id)


async def failing_for_a_day(channel: Channel) -> None:
    since = datetime.now(UTC) - timedelta(hours=25)
    await Channel.filter(id=channel.id).update(
        breaker=Breaker.OPEN, breaker_until=datetime.now(UTC), failures=PAUSES_AT, failing_since=since
    )
