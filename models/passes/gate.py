"""Passes at the gate: their visitors come in, and leave. What is recorded there names the gate, and no pass."""

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.facilities import FacilityKind, FacilityStatus
from domain.passes import PassMove, PassState, check_arrival, moved
from domain.permits import may
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.calendar import now, zone
from models.facilities import Facility
from models.facts import record
from models.permits import actor_of, found, permit, permitted
from models.territory import Home
from models.viewers import viewer_of

from .issuing import digest_of
from .rows import VisitorPass

#: Where a pass may be shown.
GATES = frozenset({FacilityKind.GATE, FacilityKind.BARRIER, FacilityKind.GUARD_BOX})
_LONGEST = 100


async def admit(viewer: Viewer, code: str, gate_id: str, *, people: int | None = None) -> tuple[VisitorPass, bool]:
    """Let in the visitors of a pass at a gate; and whether they were let in before: then nothing is changed.

    ``people``: how many stand there. The gate is compared with the pass, and not kept with it.
    Refuses NOT_FOUND, FORBIDDEN and INVALID (what is no gate); INVALID in the same words a code that is unknown, of another
    compound's pass, or of somebody who may ask nobody in any more; ILLEGAL_MOVE (cancelled, used, over, not begun); INVALID more
    people than it is for.
    """
    gate = await _gate(viewer, gate_id, "visitorPassAdmit")
    async with in_transaction():
        made = await _shown(code, gate)
        moment = now()
        after = moved(made.state, PassMove.ADMIT, "code")
        if made.state is after:
            return made, True
        check_arrival(people, made.valid_from.astimezone(zone()), made.valid_until, moment, made.people)
        made.state, made.admitted_at, made.gate_compound_id = after, moment, gate.compound_id
        await made.save(update_fields=["state", "admitted_at", "gate_compound_id"])
        await record(actor_of(viewer), "visitorPassAdmit", gate)
        return made, False


async def leave(viewer: Viewer, code: str, gate_id: str) -> tuple[VisitorPass, bool]:
    """Note at a gate that the visitors of a pass have left, also after its time; and whether that was noted before.

    Refuses as ``admit`` does.
    """
    gate = await _gate(viewer, gate_id, "visitorPassLeave")
    async with in_transaction():
        made = await _shown(code, gate)
        after = moved(made.state, PassMove.LEAVE, "code")
        if made.state is after:
            return made, True
        made.state, made.left_at = after, now()
        await made.save(update_fields=["state", "left_at"])
        await record(actor_of(viewer), "visitorPassLeave", gate)
        return made, False


async def close(viewer: Viewer, pass_id: str) -> VisitorPass:
    """Note that the visitors have left, though nobody scanned their pass; one that is closed stays as it is.

    Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE (nobody has come in with it).
    """
    async with in_transaction():
        made = await permitted(VisitorPass, pass_id, viewer, "visitorPassClose")
        after = moved(made.state, PassMove.LEAVE, "id")
        if made.state is not after:
            made.state, made.left_at = after, now()
            await made.save(update_fields=["state", "left_at"])
            await record(actor_of(viewer), "visitorPassClose", made, after={"state": after})
        return made


async def _gate(viewer: Viewer, gate_id: str, act: str) -> Facility:
    """The gate at which the viewer may do ``act``."""
    gate = await found(Facility, gate_id, viewer, path=("gate_id",))
    permit(viewer, act, gate)
    if gate.kind not in GATES or gate.status is FacilityStatus.RETIRED:
        raise Refused(
            RefusalCode.INVALID,
            Text("Nobody comes in there.", "该设施不是可用的出入口。"),
            path=("gate_id",),
            hint=Text(
                f"Name a facility that is one of {', '.join(sorted(GATES))}, and in use.",
                f"请选择在用的出入口设施：{'、'.join(kind.zh for kind in sorted(GATES))}。",
            ),
        )
    return gate


async def _shown(code: str, gate: Facility) -> VisitorPass:
    """The pass of this code, locked."""
    made = None
    if len(code) <= _LONGEST:
        wanted = VisitorPass.filter(digest=digest_of(code), compound_id=gate.compound_id)
        made = await wanted.select_for_update().get_or_none()
    if made is None or (made.state is PassState.ISSUED and not await _may_still(made)):
        raise Refused(
            RefusalCode.INVALID,
            Text("The code is not valid at this gate.", "该通行码在此出入口无效。"),
            path=("code",),
            hint=Text("Check it, or ask whoever expects the visitors.", "请核对，或联系被访人员。"),
        )
    return made


async def _may_still(made: VisitorPass) -> bool:
    """Whether whoever issued a pass to a home lives there still."""
    if made.home_id is None:
        return True
    issuer = await viewer_of(made.issued_by_id)
    return issuer is not None and may(issuer, "visitorPassIssue", "Home", (await Home.get(id=made.home_id)).belongs())
