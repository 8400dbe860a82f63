"""Who stands at a post: a stint begins, is handed over to the next, and ends."""

from datetime import date, datetime

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.permits import may
from domain.posts import LONGEST_STINT, NOTE_MAX, check_certificate
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.accounts import Account
from models.calendar import now
from models.connection import query
from models.facts import record
from models.permits import actor_of, found, permit
from models.viewers import viewers_of

from .keeping import check_going_on, going_on
from .rows import Post, PostStint
from .staffing import settle

#: $1: account, $2: now, $3: the longest stint. What nobody ended is over.
_LAPSE = """
UPDATE post_stint SET ended_at = began_at + $3::interval, lapsed = true
WHERE account_id = $1 AND ended_at IS NULL AND began_at <= $2::timestamptz - $3::interval
"""


async def begin_stint(
    viewer: Viewer, post_id: str, account_id: str | None = None, *, certificate_until: date | None = None
) -> PostStint:
    """Somebody (default: whoever asks) stands at the post from now on. Whoever stands there already stays as they are.

    ``certificate_until``: the last day of their certificate; unless it is said, as it was at their last stint.
    Refuses NOT_FOUND, FORBIDDEN, INVALID (a certificate that is over; somebody who may not stand there), ILLEGAL_MOVE (the post
    has ended) and CONFLICT (they are at another post).
    """
    async with in_transaction():
        post = await going_on(viewer, post_id, "postStintBegin")
        account = await _able(viewer, post, account_id or actor_of(viewer).id, "account_id")
        return await _begin(viewer, post, account, now(), certificate_until, "account_id")


async def end_stint(viewer: Viewer, stint_id: str, *, note: str = "") -> PostStint:
    """The stint ends now; one that has ended stays as it is. Refuses NOT_FOUND, FORBIDDEN and INVALID (note)."""
    async with in_transaction():
        stint, post = await _running(viewer, stint_id, "postStintEnd")
        if stint.ended_at is None:
            await _end(viewer, stint, post, now(), written(note, "note", NOTE_MAX, least=0), "postStintEnd")
        return stint


async def hand_over(
    viewer: Viewer, stint_id: str, to_account_id: str, *, note: str = "", certificate_until: date | None = None
) -> PostStint:
    """The stint ends, and that of somebody else begins at the same moment; answers theirs.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (note, certificate; somebody who may not stand there, or the same person),
    ILLEGAL_MOVE (the stint or the post has ended) and CONFLICT (they are at another post).
    """
    async with in_transaction():
        stint, post = await _running(viewer, stint_id, "postStintHandOver")
        check_going_on(post, "id")
        if stint.ended_at is not None:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("The stint is over.", "该值守已结束。"),
                path=("id",),
                hint=Text("Begin a stint with postStintBegin.", "请用 postStintBegin 开始值守。"),
            )
        account = await _able(viewer, post, to_account_id, "to_account_id")
        if account.id == stint.account_id:
            raise Refused(
                RefusalCode.INVALID,
                Text("Nobody hands over to themselves.", "不能向本人交班。"),
                path=("to_account_id",),
                hint=Text("Name whoever takes over.", "请选择接班人员。"),
            )
        moment = now()
        await _end(viewer, stint, post, moment, written(note, "note", NOTE_MAX, least=0), "postStintHandOver")
        return await _begin(viewer, post, account, moment, certificate_until, "to_account_id")


async def forget_stints(account_id: str) -> None:
    """Let somebody who is leaving stand nowhere any more: what they did stays on record, under an id that is nobody's."""
    moment = now()
    posts = [stint.post_id for stint in await PostStint.filter(account_id=account_id, ended_at=None)]
    await Post.filter(id__in=posts).order_by("id").select_for_update()
    await PostStint.filter(account_id=account_id, ended_at=None).update(ended_at=moment)
    await PostStint.filter(account_id=account_id).update(certificate_until=None)
    for post_id in posts:
        await settle(post_id, moment)


async def _running(viewer: Viewer, stint_id: str, act: str) -> tuple[PostStint, Post]:
    """A stint and its post, both locked, the post first."""
    stint = await found(PostStint, stint_id, viewer)
    permit(viewer, act, stint)
    post = await Post.select_for_update().get(id=stint.post_id)
    return await PostStint.select_for_update().get(id=stint.id), post


async def _able(viewer: Viewer, post: Post, account_id: str, field: str) -> Account:
    """Whoever is to stand at the post. Refuses NOT_FOUND, and INVALID for those who have no work there."""
    account = await found(Account, account_id, viewer, path=(field,))
    theirs = (await viewers_of([account.id])).get(account.id)
    if theirs is None or not may(theirs, "postStintBegin", "Post", post.belongs()):
        raise Refused(
            RefusalCode.INVALID,
            Text("They do not work in this compound.", "该人员不在该小区任职。"),
            path=(field,),
            hint=Text("Let them be given a role there first, or name somebody else.", "请先为其授予相应任职，或选择其他人员。"),
        )
    return account


async def _begin(
    viewer: Viewer, post: Post, account: Account, moment: datetime, certificate_until: date | None, field: str
) -> PostStint:
    until = check_certificate(certificate_until, moment.date()) if certificate_until else None
    await query(_LAPSE, account.id, moment, LONGEST_STINT)
    running = await PostStint.filter(account_id=account.id, ended_at=None).first()
    if running is not None and running.post_id == post.id:
        return running
    last = await PostStint.filter(account_id=account.id).order_by("-began_at").first()
    if until is None and last is not None and last.certificate_until and last.certificate_until >= moment.date():
        until = last.certificate_until
    stint = PostStint(
        began_at=moment,
        certificate_until=until,
        post_id=post.id,
        account_id=account.id,
        compound_id=post.compound_id,
        street_id=post.street_id,
    )
    try:
        async with in_transaction():
            await stint.save()
    except IntegrityError as error:
        raise Refused(
            RefusalCode.CONFLICT,
            Text("They are at another post.", "该人员正在其他岗位值守。"),
            path=(field,),
            hint=Text("End that stint first with postStintEnd.", "请先用 postStintEnd 结束该值守。"),
        ) from error
    await settle(post.id, moment)
    after = {"stint": stint.id, "account_id": account.id, "starts_at": moment.isoformat(), "certified": until is not None}
    await record(actor_of(viewer), "postStintBegin", post, after=after)
    return stint


async def _end(viewer: Viewer, stint: PostStint, post: Post, moment: datetime, note: str, act: str) -> None:
    stint.ended_at, stint.note = min(moment, stint.began_at + LONGEST_STINT), note
    await stint.save(update_fields=["ended_at", "note"])
    await settle(post.id, moment)
    after = {"stint": stint.id, "account_id": stint.account_id, "ends_at": stint.ended_at.isoformat()}
    await record(actor_of(viewer), act, post, after=after)
