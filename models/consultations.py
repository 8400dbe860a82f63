"""Consultations: which homes were asked what, and what they said."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from orjson import loads
from tortoise import fields
from tortoise.transactions import in_transaction

from domain.access import Reach, Viewer
from domain.consultations import (
    REMARK_MAX,
    ConsultationState,
    Question,
    check_answers,
    check_questions,
    check_until,
    counted,
    kept,
    read,
)
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text

from .calendar import now, today
from .connection import query
from .facts import record
from .permits import actor_of, found, permitted, unchanged
from .rows import Row
from .territory import Compound, Home

TITLE_MAX, ABOUT_MAX, HOMES_MAX = 120, 2_000, 5_000


class Consultation(Row):
    """Questions put to homes of a compound, until ``until`` (included). ``result``: what came of it, once it is closed."""

    prefix = "cns"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    state = fields.CharEnumField(ConsultationState, max_length=40, db_default=ConsultationState.OPEN)
    title = fields.CharField(max_length=120)
    about = fields.TextField(db_default="")
    questions: fields.JSONField[list[dict[str, Any]]] = fields.JSONField()
    until = fields.DateField()
    opened_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)
    asked_count = fields.IntField()
    answered_count = fields.IntField(db_default=0)
    result: fields.JSONField[list[dict[str, Any]] | None] = fields.JSONField(null=True)
    version = fields.IntField(db_default=1)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "consultation"


class ConsultationHome(Row):
    """A home that was asked, and what it said: of each question the option's number or null, and a remark. Who of the home, and
    who put it down, is not kept here."""

    prefix = "cnh"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id", Reach.HOME: "home_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    answers: fields.JSONField[list[int | None] | None] = fields.JSONField(null=True)
    remark = fields.CharField(max_length=500, db_default="")
    asked_at = fields.DatetimeField()
    answered_at = fields.DatetimeField(null=True)
    consultation_id = fields.CharField(max_length=30)
    home_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "consultation_home"


async def open_consultation(
    viewer: Viewer,
    compound_id: str,
    *,
    title: str,
    questions: Sequence[Question],
    until: date,
    about: str = "",
    home_ids: Sequence[str] | None = None,
) -> Consultation:
    """Put questions to homes (default: all of the compound) until a day, included.

    Refuses NOT_FOUND (a home that is not of the compound too), FORBIDDEN and INVALID (questions, day, text, no home).
    """
    async with in_transaction():
        compound = await permitted(Compound, compound_id, viewer, "consultationOpen", path=("compound_id",))
        asked = check_questions(questions)
        check_until(until, today())
        homes = await _homes(compound.id, home_ids)
        made = await Consultation.create(
            title=written(title, "title", TITLE_MAX),
            about=written(about, "about", ABOUT_MAX, least=0),
            questions=kept(asked),
            until=until,
            opened_at=now(),
            asked_count=len(homes),
            compound_id=compound.id,
            street_id=compound.street_id,
        )
        place = {"compound_id": compound.id, "street_id": compound.street_id, "asked_at": made.opened_at}
        await ConsultationHome.bulk_create(
            [ConsultationHome(consultation_id=made.id, home_id=home, **place) for home in homes], batch_size=500
        )
        told = {"until": until.isoformat(), "homes": len(homes), "count": len(asked)}
        await record(actor_of(viewer), "consultationOpen", made, after=told)
        return made


async def _homes(compound_id: str, named: Sequence[str] | None) -> list[str]:
    there = Home.filter(compound_id=compound_id)
    if named is not None:
        there = there.filter(id__in=list(named))
    ids = [str(each) for each in await there.order_by("id").limit(HOMES_MAX + 1).values_list("id", flat=True)]
    if not ids or len(ids) > HOMES_MAX or (named is not None and set(named) != set(ids)):
        raise Refused(
            RefusalCode.INVALID,
            Text("These are no homes of the compound.", "所选房屋不属于该小区，或没有房屋。"),
            path=("home_ids",),
            hint=Text(
                f"Name 1 to {HOMES_MAX} homes of this compound, or none for all.",
                f"请选择本小区 1 到 {HOMES_MAX} 户，留空为全部。",
            ),
        )
    return ids


async def answer(
    viewer: Viewer, home_id: str, consultation_id: str, *, answers: Sequence[int | None], remark: str = ""
) -> ConsultationHome:
    """What a home says, told by somebody who lives there or put down at the door; said again it takes the place of the first.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (answers, a home that was not asked) and ILLEGAL_MOVE (it is closed, or the last day has
    passed).
    """
    async with in_transaction():
        home = await permitted(Home, home_id, viewer, "consultationAnswer", path=("home_id",))
        consultation = await found(Consultation, consultation_id, viewer, path=("consultation_id",), lock=True)
        if consultation.state is not ConsultationState.OPEN or consultation.until < today():
            raise _over("consultation_id")
        kept_answers = check_answers(read(consultation.questions), answers)
        said = await ConsultationHome.get_or_none(consultation_id=consultation.id, home_id=home.id)
        if said is None:
            raise Refused(
                RefusalCode.INVALID,
                Text("This home was not asked.", "该户不在征询范围内。"),
                path=("home_id",),
                hint=Text("Answer for a home that was asked.", "请选择征询范围内的房屋。"),
            )
        anew = said.answered_at is None
        said.update_from_dict(
            {"answers": kept_answers, "remark": written(remark, "remark", REMARK_MAX, least=0), "answered_at": now()}
        )
        await said.save(update_fields=["answers", "remark", "answered_at"])
        if anew:
            consultation.answered_count += 1
            await consultation.save(update_fields=["answered_count"])
        await record(actor_of(viewer), "consultationAnswer", consultation, aside=True)
        return said


async def close_consultation(viewer: Viewer, consultation_id: str, *, expected_version: int | None = None) -> Consultation:
    """Count what was said and tell it; nobody answers any more.

    Refuses NOT_FOUND, FORBIDDEN, ILLEGAL_MOVE (closed before, or nobody has answered) and STALE_VERSION.
    """
    async with in_transaction():
        consultation = await permitted(Consultation, consultation_id, viewer, "consultationClose")
        unchanged(consultation.version, expected_version)
        if consultation.state is not ConsultationState.OPEN:
            raise _over("id")
        if not consultation.answered_count:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("No home has answered yet.", "尚无住户答复。"),
                path=("id",),
                hint=Text("Ask at the doors, and put down what is said.", "请入户征询并登记答复。"),
            )
        rows = await query(
            "SELECT answers FROM consultation_home WHERE consultation_id = $1 AND answers IS NOT NULL ORDER BY id",
            consultation.id,
        )
        consultation.update_from_dict(
            {
                "state": ConsultationState.CLOSED,
                "closed_at": now(),
                "result": counted(read(consultation.questions), [loads(row["answers"]) for row in rows]),
                "version": consultation.version + 1,
            }
        )
        await consultation.save(update_fields=["state", "closed_at", "result", "version"])
        told = {"state": consultation.state, "homes": consultation.answered_count}
        await record(actor_of(viewer), "consultationClose", consultation, after=told)
        return consultation


def _over(field: str) -> Refused:
    return Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text("The consultation is over.", "征询已结束。"),
        path=(field,),
        hint=Text("Read what came of it, or open another.", "请查看结果，或另行发起。"),
    )
