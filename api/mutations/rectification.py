"""Mutations on rectification lists; the acts are in models/rectification/."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.rectification import EvidencePhase, RectificationSource
from models import rectification

for _word in (EvidencePhase, RectificationSource):
    graphql_enum(_word)

_LIST = "The rectification list as it is now (整改清单); null when refused."
_ITEM = "The item as it is now (整改事项); null when refused."


@strawberry.input(description="A rectification list.")
class RectificationListMakeInput(OnceInput):
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区).")
    title: str = strawberry.field(description="Title (清单名称), 1 to 120 characters.")
    source: RectificationSource = strawberry.field(description="What it comes from (来源).")
    made_on: date | None = strawberry.field(
        description="When it was drawn up (编制日期). Default: today.", default=strawberry.UNSET
    )


@bound("What rectificationListMake answers.")
class RectificationListMakePayload(Payload):
    rectification_list = by_id("RectificationList", "subject_id", description=_LIST)


@mutation("Make a rectification list for a compound (编制整改清单), as an office or a member of the owners' body.")
async def rectification_list_make(context: Context, given: RectificationListMakeInput) -> RectificationListMakePayload:
    made = await rectification.make_list(context.viewer, given.compound_id, given.title, given.source, made_on=given.made_on)
    return RectificationListMakePayload(subject_id=made.id)


@strawberry.input(description="A rectification list that is done with.")
class RectificationListCloseInput(ChangeInput):
    pass


@bound("What rectificationListClose answers.")
class RectificationListClosePayload(Payload):
    rectification_list = by_id("RectificationList", "subject_id", description=_LIST)


@mutation("Close a rectification list (办结整改清单) of which every item was accepted or dropped.")
async def rectification_list_close(context: Context, given: RectificationListCloseInput) -> RectificationListClosePayload:
    closed = await rectification.close_list(context.viewer, given.id, expected_version=given.expected_version)
    return RectificationListClosePayload(subject_id=closed.id)


@strawberry.input(description="A thing that is to be put right.")
class RectificationItemAddInput(OnceInput):
    list_id: strawberry.ID = strawberry.field(description="Rectification list (整改清单).")
    what: str = strawberry.field(description="What it is (整改内容), 1 to 500 characters.")
    due_on: date = strawberry.field(description="The last day in time (整改期限), within three years.")
    place: str = strawberry.field(description="Where, in words (位置), at most 200 characters.", default="")
    asks_evidence: bool = strawberry.field(
        description="Whether it is reported put right only with a file that shows it (是否须有证明).", default=True
    )
    facility_id: strawberry.ID | None = strawberry.field(
        description="Facility (设施) of the compound that it is about.", default=strawberry.UNSET
    )


@bound("What rectificationItemAdd answers.")
class RectificationItemAddPayload(Payload):
    rectification_item = by_id("RectificationItem", "subject_id", description=_ITEM)


@mutation("Put an item on a rectification list (添加整改事项); whoever serves the compound is told.")
async def rectification_item_add(context: Context, given: RectificationItemAddInput) -> RectificationItemAddPayload:
    made = await rectification.add_item(
        context.viewer,
        given.list_id,
        what=given.what,
        due_on=given.due_on,
        place=given.place,
        asks_evidence=given.asks_evidence,
        facility_id=given.facility_id,
    )
    return RectificationItemAddPayload(subject_id=made.id)


@strawberry.input(description="An item to claim.")
class RectificationItemClaimInput(ChangeInput):
    pass


@bound("What rectificationItemClaim answers.")
class RectificationItemClaimPayload(Payload):
    rectification_item = by_id("RectificationItem", "subject_id", description=_ITEM)


@mutation("Claim an item (认领整改事项) for your organisation, which serves the compound; of two at once, one wins.")
async def rectification_item_claim(context: Context, given: RectificationItemClaimInput) -> RectificationItemClaimPayload:
    changed = await rectification.claim(context.viewer, given.id, expected_version=given.expected_version)
    return RectificationItemClaimPayload(subject_id=changed.id)


@strawberry.input(description="An item, and why.")
class RectificationItemReleaseInput(ChangeInput):
    reason: str = strawberry.field(description="Why (原因), 1 to 500 characters.")


@bound("What rectificationItemRelease answers.")
class RectificationItemReleasePayload(Payload):
    rectification_item = by_id("RectificationItem", "subject_id", description=_ITEM)


@mutation("Give an item back (退回整改事项), so that it can be claimed anew: as who claimed it, or as the owners' side.")
async def rectification_item_release(context: Context, given: RectificationItemReleaseInput) -> RectificationItemReleasePayload:
    changed = await rectification.release(context.viewer, given.id, given.reason, expected_version=given.expected_version)
    return RectificationItemReleasePayload(subject_id=changed.id)


@strawberry.input(description="A later deadline that is asked for.")
class RectificationExtensionAskInput(ChangeInput):
    until: date = strawberry.field(description="The last day that is asked for (申请延至), after the present one.")
    reason: str = strawberry.field(description="Why (延期原因), 1 to 500 characters.")


@bound("What rectificationExtensionAsk answers.")
class RectificationExtensionAskPayload(Payload):
    rectification_item = by_id("RectificationItem", "subject_id", description=_ITEM)


@mutation("Ask for a later deadline of an item (申请延期), as who claimed it; the present one stands until it is granted.")
async def rectification_extension_ask(
    context: Context, given: RectificationExtensionAskInput
) -> RectificationExtensionAskPayload:
    changed = await rectification.ask_time(
        context.viewer, given.id, given.until, given.reason, expected_version=given.expected_version
    )
    return RectificationExtensionAskPayload(subject_id=changed.id)


@strawberry.input(description="The answer to a request for a later deadline.")
class RectificationExtensionAnswerInput(ChangeInput):
    granted: bool = strawberry.field(description="Whether it is granted (是否同意).")
    reason: str = strawberry.field(description="Why not (原因), 1 to 500 characters; not needed when it is granted.", default="")


@bound("What rectificationExtensionAnswer answers.")
class RectificationExtensionAnswerPayload(Payload):
    rectification_item = by_id("RectificationItem", "subject_id", description=_ITEM)


@mutation("Grant or refuse a later deadline (答复延期申请), as the owners' side; never as who claimed the item.")
async def rectification_extension_answer(
    context: Context, given: RectificationExtensionAnswerInput
) -> RectificationExtensionAnswerPayload:
    changed = await rectification.answer_time(
        context.viewer, given.id, granted=given.granted, reason=given.reason, expected_version=given.expected_version
    )
    return RectificationExtensionAnswerPayload(subject_id=changed.id)


@strawberry.input(description="What a file of an item shows.")
class RectificationEvidenceAddInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Item (整改事项).")
    file_id: strawberry.ID = strawberry.field(description="File attached to the item (附件).")
    phase: EvidencePhase = strawberry.field(description="How it was, or how it is since (整改前、整改后).")


@bound("What rectificationEvidenceAdd answers.")
class RectificationEvidenceAddPayload(Payload):
    rectification_evidence = by_id(
        "RectificationEvidence", "subject_id", description="What it shows (整改证明); null when refused."
    )


@mutation("Say what a file of an item shows (标注整改证明): how it was, or how it is since.")
async def rectification_evidence_add(context: Context, given: RectificationEvidenceAddInput) -> RectificationEvidenceAddPayload:
    made = await rectification.add_evidence(context.viewer, given.id, given.file_id, given.phase)
    return RectificationEvidenceAddPayload(subject_id=made.id)


@strawberry.input(description="An item that was put right.")
class RectificationItemReportInput(ChangeInput):
    remedy: str = strawberry.field(description="How it was put right (整改说明), 1 to 500 characters.")


@bound("What rectificationItemReport answers.")
class RectificationItemReportPayload(Payload):
    rectification_item = by_id("RectificationItem", "subject_id", description=_ITEM)


@mutation("Report an item put right (报告整改完成), as who claimed it; with evidence since, where it is asked.")
async def rectification_item_report(context: Context, given: RectificationItemReportInput) -> RectificationItemReportPayload:
    changed = await rectification.report(context.viewer, given.id, given.remedy, expected_version=given.expected_version)
    return RectificationItemReportPayload(subject_id=changed.id)


@strawberry.input(description="An item to accept.")
class RectificationItemAcceptInput(ChangeInput):
    pass


@bound("What rectificationItemAccept answers.")
class RectificationItemAcceptPayload(Payload):
    rectification_item = by_id("RectificationItem", "subject_id", description=_ITEM)


@mutation("Accept an item (验收通过), as the owners' side; never as who did the work.")
async def rectification_item_accept(context: Context, given: RectificationItemAcceptInput) -> RectificationItemAcceptPayload:
    changed = await rectification.accept(context.viewer, given.id, expected_version=given.expected_version)
    return RectificationItemAcceptPayload(subject_id=changed.id)


@strawberry.input(description="An item that is not put right.")
class RectificationItemRefuseInput(ChangeInput):
    reason: str = strawberry.field(description="What is not right (验收意见), 1 to 500 characters.")


@bound("What rectificationItemRefuse answers.")
class RectificationItemRefusePayload(Payload):
    rectification_item = by_id("RectificationItem", "subject_id", description=_ITEM)


@mutation("Refuse an item (验收不通过), as the owners' side: it is in the company's hands again.")
async def rectification_item_refuse(context: Context, given: RectificationItemRefuseInput) -> RectificationItemRefusePayload:
    changed = await rectification.refuse(context.viewer, given.id, given.reason, expected_version=given.expected_version)
    return RectificationItemRefusePayload(subject_id=changed.id)


@strawberry.input(description="An item that is to be put right again.")
class RectificationItemReopenInput(ChangeInput):
    due_on: date = strawberry.field(description="The last day in time (整改期限), within three years.")
    reason: str = strawberry.field(description="Why (原因), 1 to 500 characters.")


@bound("What rectificationItemReopen answers.")
class RectificationItemReopenPayload(Payload):
    rectification_item = by_id("RectificationItem", "subject_id", description=_ITEM)


@mutation("Put an item that is over on its list again (重新整改), as the owners' side, to be claimed anew.")
async def rectification_item_reopen(context: Context, given: RectificationItemReopenInput) -> RectificationItemReopenPayload:
    changed = await rectification.reopen(
        context.viewer, given.id, given.due_on, given.reason, expected_version=given.expected_version
    )
    return RectificationItemReopenPayload(subject_id=changed.id)


@strawberry.input(description="An item that is wanted no more.")
class RectificationItemDropInput(ChangeInput):
    reason: str = strawberry.field(description="Why (原因), 1 to 500 characters.")


@bound("What rectificationItemDrop answers.")
class RectificationItemDropPayload(Payload):
    rectification_item = by_id("RectificationItem", "subject_id", description=_ITEM)


@mutation("Take an item off its list (取消整改事项), as the owners' side.")
async def rectification_item_drop(context: Context, given: RectificationItemDropInput) -> RectificationItemDropPayload:
    changed = await rectification.drop(context.viewer, given.id, given.reason, expected_version=given.expected_version)
    return RectificationItemDropPayload(subject_id=changed.id)


#: Every mutation on rectification lists, in the order of the schema.
RECTIFICATION = [
    rectification_list_make,
    rectification_list_close,
    rectification_item_add,
    rectification_item_claim,
    rectification_item_release,
    rectification_extension_ask,
    rectification_extension_answer,
    rectification_evidence_add,
    rectification_item_report,
    rectification_item_accept,
    rectification_item_refuse,
    rectification_item_reopen,
    rectification_item_drop,
]
