"""Qualification papers (资质) of organisations: what they may do, on whose word, and until when."""

from datetime import date, datetime, timedelta

from tortoise import fields
from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.notices import PAPER_EXPIRING, Announcement
from domain.papers import ISSUER_MAX, NUMBER_MAX, PaperKind, check_dates, warning
from domain.texts import written
from domain.words import Text

from .calendar import now, zone
from .facts import record
from .notices import announce
from .organisations import Organisation
from .organisations.around import offices_around
from .organisations.keeping import check_going_on
from .organisations.rows import OF_A_BODY
from .permits import actor_of, permitted
from .rows import Row

#: Papers of which one run tells.
_MOST = 200


class Paper(Row):
    """A paper that holds from ``valid_from`` to ``valid_to`` (included; null: for good).

    ``warned_days``: how many days before its end it was last said that it runs out. ``withdrawn_at``: it counts no more.
    """

    prefix = "ppr"
    belonging = OF_A_BODY

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(PaperKind, max_length=40)
    number = fields.CharField(max_length=60)
    issuer = fields.CharField(max_length=120)
    valid_from = fields.DateField()
    valid_to = fields.DateField(null=True)
    warned_days: int | None = fields.SmallIntField(null=True)  # pyright: ignore[reportAssignmentType]
    withdrawn_at = fields.DatetimeField(null=True)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    organisation_id: str
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "paper"


async def add_paper(
    viewer: Viewer,
    organisation_id: str,
    kind: PaperKind,
    *,
    number: str,
    issuer: str,
    valid_from: date,
    valid_to: date | None = None,
) -> Paper:
    """A paper of the organisation's; a scan of it is attached as a file.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (texts, a last day before the first) and ILLEGAL_MOVE (the organisation has ended).
    """
    check_dates(valid_from, valid_to)
    async with in_transaction():
        body = await permitted(Organisation, organisation_id, viewer, "paperAdd", path=("organisation_id",))
        check_going_on(body, "organisation_id")
        paper = await Paper.create(
            kind=kind,
            number=written(number, "number", NUMBER_MAX),
            issuer=written(issuer, "issuer", ISSUER_MAX),
            valid_from=valid_from,
            valid_to=valid_to,
            organisation_id=body.id,
            street_id=body.street_id,
        )
        told = {
            "paper": paper.id,
            "kind": kind,
            "starts_on": valid_from.isoformat(),
            "ends_on": valid_to and valid_to.isoformat(),
        }
        await record(actor_of(viewer), "paperAdd", body, after=told)
        return paper


async def withdraw_paper(viewer: Viewer, paper_id: str) -> Paper:
    """Let a paper count no more: it was taken away, replaced, or wrong. One that was withdrawn stays as it is.

    Refuses NOT_FOUND and FORBIDDEN.
    """
    async with in_transaction():
        paper = await permitted(Paper, paper_id, viewer, "paperWithdraw")
        if paper.withdrawn_at is None:
            paper.withdrawn_at = moment = now()
            await paper.save(update_fields=["withdrawn_at"])
            body = await Organisation.get(id=paper.organisation_id)
            await record(actor_of(viewer), "paperWithdraw", body, after={"paper": paper.id, "removed_at": moment.isoformat()})
        return paper


async def warn_of_papers(moment: datetime, steps: tuple[int, ...]) -> int:
    """Say of every paper that runs out within one of these numbers of days that it does, once for each; how many.

    Call it inside a transaction.
    """
    day = moment.astimezone(zone()).date()
    near = Paper.filter(withdrawn_at=None, valid_to__gte=day, valid_to__lte=day + timedelta(days=max(steps)))
    told = 0
    for paper in await near.filter(organisation__ended_on=None).order_by("valid_to", "id"):
        step = warning(paper.valid_to, day, steps, paper.warned_days)
        if step is None or told >= _MOST:
            continue
        body, last = await Organisation.get(id=paper.organisation_id), f"{paper.valid_to}"
        await announce(
            Announcement(
                type=PAPER_EXPIRING,
                topic=f"{paper.id} within {step}",
                data={
                    "message": Text(
                        f"{paper.kind} of {body.name} runs out on {last}.", f"{body.name}的{paper.kind.zh}将于 {last} 到期。"
                    ).both(),
                    "organisation": {"id": body.id, "code": body.code, "name": body.name},
                    "paper": {"id": paper.id, "kind": paper.kind},
                    "endsOn": last,
                },
                street_id=body.street_id,
                compound_id=None,
                organisations=await offices_around(body),
            )
        )
        paper.warned_days = step
        await paper.save(update_fields=["warned_days"])
        told += 1
    return told
