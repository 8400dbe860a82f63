"""Mutations on inboxes and on the words of notices; the acts are in models/notices."""

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.notices import Language
from models import notices

from .payloads import OnceInput, Payload, mutation

graphql_enum(Language)


@strawberry.input(description="A notice that was read.")
class NoticeReadInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Notice (通知) in your own inbox, or in your organisation's.")


@bound("What noticeRead answers.")
class NoticeReadPayload(Payload):
    notice = by_id("Notice", "subject_id", description="The notice as it is now (通知); null when refused.")


@mutation("Note that a notice in an inbox was read (标记已读): in your own, or in that of your organisation.")
async def notice_read(context: Context, given: NoticeReadInput) -> NoticeReadPayload:
    notice = await notices.read_notice(context.viewer, given.id)
    return NoticeReadPayload(subject_id=notice.id)


@strawberry.input(description="Words of a street for one type of notice in one language.")
class NoticeTemplateSetInput(OnceInput):
    street_id: strawberry.ID = strawberry.field(description="Street (街道).")
    type: str = strawberry.field(description="Type of what is told (类型), see noticeTypes.")
    language: Language = strawberry.field(description="Language (语言).")
    title: str = strawberry.field(
        description="Title (标题), one line of 1 to 120 characters; fields in braces, `{compound.name}`."
        " A brace itself is written twice."
    )
    body: str = strawberry.field(
        description="Text (正文), 1 to 2,000 characters; a line whose fields all have no value is left out."
    )


@bound("What noticeTemplateSet answers.")
class NoticeTemplateSetPayload(Payload):
    template = by_id("NoticeTemplate", "subject_id", description="The template (模板); null when refused.")


@mutation("Write the words in which a street is told of something (设置通知模板), from the next notice on.")
async def notice_template_set(context: Context, given: NoticeTemplateSetInput) -> NoticeTemplateSetPayload:
    template = await notices.set_template(
        context.viewer, given.street_id, given.type, given.language, title=given.title, body=given.body
    )
    return NoticeTemplateSetPayload(subject_id=template.id)


@strawberry.input(description="Words of a street to drop.")
class NoticeTemplateResetInput(OnceInput):
    street_id: strawberry.ID = strawberry.field(description="Street (街道).")
    type: str = strawberry.field(description="Type of what is told (类型).")
    language: Language = strawberry.field(description="Language (语言).")


@bound("What noticeTemplateReset answers.")
class NoticeTemplateResetPayload(Payload):
    street = by_id("Place", "subject_id", description="The street (街道); null when refused.")


@mutation("Go back to the words that everybody has (恢复默认模板).")
async def notice_template_reset(context: Context, given: NoticeTemplateResetInput) -> NoticeTemplateResetPayload:
    street = await notices.reset_template(context.viewer, given.street_id, given.type, given.language)
    return NoticeTemplateResetPayload(subject_id=street.id)
