"""Clarifications: companies ask, the owners' side answers, and everybody reads both; who asked is not kept."""

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from domain.tenders import TenderState, illegal, is_late
from domain.texts import written
from domain.words import Text
from models.calendar import now
from models.facts import Actor, record
from models.organisations import Organisation
from models.permits import actor_of, found, permitted

from .rows import Tender, TenderQuestion

QUESTION_MAX, ANSWER_MAX, QUESTIONS_MAX = 1_000, 2_000, 200


async def ask(viewer: Viewer, organisation_id: str, tender_id: str, *, body: str) -> TenderQuestion:
    """Ask about a tender for one's company. Everybody reads the question; who asked is told and kept nowhere.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (text), ILLEGAL_MOVE (questions have ended) and CONFLICT (there are 200).
    """
    async with in_transaction():
        await permitted(Organisation, organisation_id, viewer, "tenderAsk", path=("organisation_id",))
        tender = await found(Tender, tender_id, viewer, path=("tender_id",), lock=True)
        if tender.state is not TenderState.ANNOUNCED or is_late(now(), tender.questions_until):
            raise illegal(
                Text("Questions have ended.", "提问已截止。"),
                Text("Read what was answered.", "请查阅已公布的答疑。"),
                "tender_id",
            )
        if await TenderQuestion.filter(tender_id=tender.id).count() >= QUESTIONS_MAX:
            raise Refused(
                RefusalCode.CONFLICT,
                Text("It has as many questions as it may.", "提问数量已达上限。"),
                path=("tender_id",),
                hint=Text("Read what was answered.", "请查阅已公布的答疑。"),
            )
        made = await TenderQuestion.create(
            body=written(body, "body", QUESTION_MAX),
            asked_at=now(),
            tender_id=tender.id,
            compound_id=tender.compound_id,
            street_id=tender.street_id,
        )
        await record(Actor("system:tenders"), "tenderAsk", tender)
        return made


async def answer(viewer: Viewer, question_id: str, *, text: str) -> TenderQuestion:
    """Answer a question for everybody, once, before bids end.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (text) and ILLEGAL_MOVE (answered before, or bids have ended).
    """
    async with in_transaction():
        question = await permitted(TenderQuestion, question_id, viewer, "tenderQuestionAnswer")
        said = written(text, "answer", ANSWER_MAX)
        tender = await Tender.get(id=question.tender_id)
        if question.answered_at is not None or tender.state is not TenderState.ANNOUNCED or is_late(now(), tender.bids_until):
            raise illegal(
                Text("It was answered before, or bids have ended.", "该提问已答复，或投标已截止。"),
                Text("Add a document if more must be said.", "如需补充，请添加招标文件。"),
            )
        question.update_from_dict({"answer": said, "answered_at": now()})
        await question.save(update_fields=["answer", "answered_at"])
        await record(actor_of(viewer), "tenderQuestionAnswer", tender)
        return question
