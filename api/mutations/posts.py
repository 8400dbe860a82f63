"""Mutations on staffed posts and on stints; the acts are in models/posts/."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.posts import PostKind
from models import posts

graphql_enum(PostKind)

_POST = "The post as it is now (岗位); null when refused."
_STINT = "The stint as it is now (值守); null when refused."
_OPENS = 'From when it is staffed every day (值守开始时间), such as "08:00"; left out with closes: round the clock.'
_CLOSES = "Until when (值守结束时间), perhaps after midnight; left out with opens: round the clock."
_CERTIFICATE = "Last day of their certificate (证书有效期); left out: as at their last stint. Nothing else of it is kept."
_NOTE = "What the next ones must know (交班说明), at most 500 characters; of no person by name."


@strawberry.input(description="A post to add.")
class PostAddInput(OnceInput):
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区).")
    kind: PostKind = strawberry.field(description="Kind (类别).")
    name: str = strawberry.field(description="Name (名称), 1 to 60 characters.")
    opens: str | None = strawberry.field(description=_OPENS, default=strawberry.UNSET)
    closes: str | None = strawberry.field(description=_CLOSES, default=strawberry.UNSET)
    least_staff: int | None = strawberry.field(
        description="How many must be there (最少在岗人数), 1 to 20; left out: 2 in a control room, 1 at a guard post.",
        default=strawberry.UNSET,
    )
    certified: bool | None = strawberry.field(
        description="Whether only those count who hold a certificate (是否须持证); left out: in a control room.",
        default=strawberry.UNSET,
    )


@bound("What postAdd answers.")
class PostAddPayload(Payload):
    post = by_id("Post", "subject_id", description=_POST)


@mutation("Add a staffed post to a compound (新增值守岗位).")
async def post_add(context: Context, given: PostAddInput) -> PostAddPayload:
    done = await posts.add_post(
        context.viewer,
        given.compound_id,
        kind=given.kind,
        name=given.name,
        opens=given.opens,
        closes=given.closes,
        least_staff=given.least_staff,
        certified=given.certified,
    )
    return PostAddPayload(subject_id=done.id)


@strawberry.input(description="A post's hours.")
class PostSetHoursInput(ChangeInput):
    opens: str | None = strawberry.field(description=_OPENS, default=strawberry.UNSET)
    closes: str | None = strawberry.field(description=_CLOSES, default=strawberry.UNSET)


@bound("What postSetHours answers.")
class PostSetHoursPayload(Payload):
    post = by_id("Post", "subject_id", description=_POST)


@mutation("Say when a post must be staffed (设置值守时间).")
async def post_set_hours(context: Context, given: PostSetHoursInput) -> PostSetHoursPayload:
    done = await posts.set_hours(context.viewer, given.id, given.opens, given.closes, expected_version=given.expected_version)
    return PostSetHoursPayload(subject_id=done.id)


@strawberry.input(description="How a post is to be staffed.")
class PostSetStaffInput(ChangeInput):
    least_staff: int = strawberry.field(description="How many must be there (最少在岗人数), 1 to 20.")
    certified: bool | None = strawberry.field(
        description="Whether only those count who hold a certificate (是否须持证); left out: as it was.", default=strawberry.UNSET
    )


@bound("What postSetStaff answers.")
class PostSetStaffPayload(Payload):
    post = by_id("Post", "subject_id", description=_POST)


@mutation("Say how many must be at a post (设置在岗人数).")
async def post_set_staff(context: Context, given: PostSetStaffInput) -> PostSetStaffPayload:
    done = await posts.set_staff(
        context.viewer, given.id, given.least_staff, certified=given.certified, expected_version=given.expected_version
    )
    return PostSetStaffPayload(subject_id=done.id)


@strawberry.input(description="A post to end.")
class PostEndInput(ChangeInput):
    pass


@bound("What postEnd answers.")
class PostEndPayload(Payload):
    post = by_id("Post", "subject_id", description=_POST)


@mutation("End a post (撤销岗位), and the stints of those who stand there.")
async def post_end(context: Context, given: PostEndInput) -> PostEndPayload:
    done = await posts.end_post(context.viewer, given.id, expected_version=given.expected_version)
    return PostEndPayload(subject_id=done.id)


@strawberry.input(description="Who stands at a post from now on.")
class PostStintBeginInput(OnceInput):
    post_id: strawberry.ID = strawberry.field(description="Post (岗位).")
    account_id: strawberry.ID | None = strawberry.field(
        description="Who (值守人员), somebody who works in the compound; left out: you.", default=strawberry.UNSET
    )
    certificate_until: date | None = strawberry.field(description=_CERTIFICATE, default=strawberry.UNSET)


@bound("What postStintBegin answers.")
class PostStintBeginPayload(Payload):
    stint = by_id("PostStint", "subject_id", description=_STINT)


@mutation("Begin a stint at a post now (上岗). Whoever stands there already stays as they are.")
async def post_stint_begin(context: Context, given: PostStintBeginInput) -> PostStintBeginPayload:
    done = await posts.begin_stint(context.viewer, given.post_id, given.account_id, certificate_until=given.certificate_until)
    return PostStintBeginPayload(subject_id=done.id)


@strawberry.input(description="A stint to hand over.")
class PostStintHandOverInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Stint (值守) that ends.")
    to_account_id: strawberry.ID = strawberry.field(description="Who takes over (接班人员), somebody who works in the compound.")
    note: str = strawberry.field(description=_NOTE, default="")
    certificate_until: date | None = strawberry.field(description=_CERTIFICATE, default=strawberry.UNSET)


@bound("What postStintHandOver answers.")
class PostStintHandOverPayload(Payload):
    stint = by_id("PostStint", "subject_id", description="The stint of whoever took over (接班值守); null when refused.")


@mutation("Hand a stint over (交接班): it ends, and that of the next begins at the same moment.")
async def post_stint_hand_over(context: Context, given: PostStintHandOverInput) -> PostStintHandOverPayload:
    done = await posts.hand_over(
        context.viewer, given.id, given.to_account_id, note=given.note, certificate_until=given.certificate_until
    )
    return PostStintHandOverPayload(subject_id=done.id)


@strawberry.input(description="A stint to end.")
class PostStintEndInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Stint (值守).")
    note: str = strawberry.field(description=_NOTE, default="")


@bound("What postStintEnd answers.")
class PostStintEndPayload(Payload):
    stint = by_id("PostStint", "subject_id", description=_STINT)


@mutation("End a stint now (离岗).")
async def post_stint_end(context: Context, given: PostStintEndInput) -> PostStintEndPayload:
    done = await posts.end_stint(context.viewer, given.id, note=given.note)
    return PostStintEndPayload(subject_id=done.id)


POSTS = (
    post_add,
    post_set_hours,
    post_set_staff,
    post_end,
    post_stint_begin,
    post_stint_hand_over,
    post_stint_end,
)
