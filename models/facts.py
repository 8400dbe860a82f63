"""Facts: the append-only record of who did what to what, when. They feed notices and the live feed."""

from dataclasses import dataclass
from typing import Any

from tortoise import fields

from domain.access import Reach

from .rows import Row


@dataclass(frozen=True)
class Actor:
    """Who acts: an account id, an intake key id or ``system:<module>``."""

    id: str


class Fact(Row):
    """``actor`` is an Actor's id; ``subject_id`` is a typed id. Inserting one tells listeners of channel ``fact``."""

    prefix = "fct"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    at = fields.DatetimeField(auto_now_add=True)
    actor = fields.CharField(max_length=60)
    action = fields.CharField(max_length=60)
    subject_id = fields.CharField(max_length=30)
    before: fields.JSONField[dict[str, Any] | None] = fields.JSONField(null=True)
    after: fields.JSONField[dict[str, Any] | None] = fields.JSONField(null=True)
    compound_id = fields.CharField(max_length=30, null=True)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "fact"


async def record(
    actor: Actor,
    action: str,
    subject: Row,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Fact:
    """Record that ``actor`` did ``action`` (named like the act: ``ticketAccept``) to ``subject``.

    Call it inside the transaction that changed the subject. ``before`` and ``after`` hold the changed
    columns only, as JSON values, and never personal data.
    """
    belongs = subject.belongs()
    return await Fact.create(
        actor=actor.id,
        action=action,
        subject_id=subject.pk,
        before=before,
        after=after,
        compound_id=belongs.get(Reach.COMPOUND),
        street_id=belongs[Reach.STREET],
    )
