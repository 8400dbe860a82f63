"""Facts: the append-only record of who did what to what, when, from where. They feed notices and the live feed."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from tortoise import fields

from domain.access import Reach, Role, Viewer
from domain.audit import Door, network
from domain.permits import allowing
from domain.sentences import sentence

from .rows import Row


@dataclass(frozen=True)
class Actor:
    """Who acts: an account id, an intake key id or ``system:<module>``. ``viewer``: the person with their roles."""

    id: str
    viewer: Viewer | None = field(default=None, compare=False, repr=False)


class Fact(Row):
    """``actor`` is an Actor's id; ``subject_id`` is a typed id. Inserting one tells listeners of channel ``fact``.

    ``roles``: those that allowed the act, with commas between them; ``role``, the first, is made by the database.
    ``words``: the fact in a sentence, by language. ``address``: the network that the request came from.
    ``audience_id``: the resident whom it concerns, who may see it. ``outside_compound_id``: the compound, unless the fact
    is of an inside remark; made by the database.
    """

    prefix = "fct"
    belonging = {
        Reach.STREET: "street_id",
        Reach.COMPOUND: "compound_id",
        Reach.OUTSIDE: "outside_compound_id",
        Reach.ACCOUNT: "audience_id",
    }

    id = fields.CharField(max_length=30, primary_key=True)
    at = fields.DatetimeField(auto_now_add=True)
    actor = fields.CharField(max_length=60)
    roles = fields.CharField(max_length=200, db_default="")
    role = fields.CharEnumField(Role, max_length=40, null=True, generated=True)
    door = fields.CharEnumField(Door, max_length=10, db_default=Door.SYSTEM)
    address = fields.CharField(max_length=43, null=True)
    action = fields.CharField(max_length=60)
    subject_id = fields.CharField(max_length=30)
    before: fields.JSONField[dict[str, Any] | None] = fields.JSONField(null=True)
    after: fields.JSONField[dict[str, Any] | None] = fields.JSONField(null=True)
    compound_id = fields.CharField(max_length=30, null=True)
    street_id = fields.CharField(max_length=30)
    audience_id = fields.CharField(max_length=30, null=True)
    outside_compound_id = fields.CharField(max_length=30, null=True, generated=True)
    words: fields.JSONField[dict[str, str]] = fields.JSONField(db_default="{}")

    class Meta:
        table = "fact"


_origin: ContextVar[tuple[Door, str | None]] = ContextVar("origin", default=(Door.SYSTEM, None))


@contextmanager
def acting(door: Door, address: str = "") -> Generator[None]:
    """What is recorded inside came in by ``door``, from the client's ``address``, of which only the network is kept."""
    token = _origin.set((door, network(address)))
    try:
        yield
    finally:
        _origin.reset(token)


async def record(
    actor: Actor,
    action: str,
    subject: Row,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    under: str | None = None,
    inside: bool = False,
    aside: bool = False,
) -> Fact:
    """Record that ``actor`` did ``action`` (named like the act: ``ticketAccept``) to ``subject``.

    Call it inside the transaction that changed the subject. ``before`` and ``after`` hold the changed
    columns only, as JSON values, and never personal data. ``under``: the act whose roles allowed it, where that is not
    ``action``. ``inside``: for those on duty only, not for the resident whom the subject concerns. ``aside``: for the street
    and that person only: those of the compound may know what was done, and not who did it.
    """
    belongs = subject.belongs()
    door, address = _origin.get()
    allowed = allowing(actor.viewer, under or action, type(subject).__name__, belongs) if actor.viewer else ()
    return await Fact.create(
        actor=actor.id,
        roles=",".join(allowed),
        door=door,
        address=address,
        action=action,
        subject_id=subject.pk,
        before=before,
        after=after,
        compound_id=None if aside else belongs.get(Reach.COMPOUND),
        street_id=belongs.get(Reach.STREET) or subject.street_of(),
        words=sentence(action, actor.id, next(iter(allowed), None), door).both(),
        audience_id=None if inside else belongs.get(Reach.ACCOUNT),
    )
