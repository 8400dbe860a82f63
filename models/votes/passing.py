"""What a vote allows: others ask here whether the owners decided."""

from domain.refusals import RefusalCode, Refused
from domain.votes import DecisionKind, VoteState
from domain.words import Text

from .rows import Vote, VoteItem


async def require_passed(vote_id: str, compound_id: str, kind: DecisionKind, field: str) -> Vote:
    """The vote of that compound that decided on that kind of thing: closed, quorate, and every item of the kind passed.

    Refuses INVALID, naming ``field``: no such vote there, nothing of the kind in it, not closed yet, no quorum, not passed.
    """
    vote = await Vote.get_or_none(id=vote_id, compound_id=compound_id)
    if vote is None:
        raise _refused(field, Text("There is no such vote in this compound.", "该小区没有此次表决。"))
    items = await VoteItem.filter(vote_id=vote.id, kind=kind)
    if not items:
        raise _refused(field, Text(f"The vote decided nothing on {kind}.", f"该次表决未涉及{kind.zh}。"))
    if vote.state is not VoteState.CLOSED:
        raise _refused(field, Text(f"The vote is not closed: it is {vote.state}.", f"该次表决尚未结束（{vote.state.zh}）。"))
    if not vote.quorate:
        raise _refused(field, Text("Too few took part in the vote.", "该次表决参与人数或面积未达法定要求。"))
    if not all(item.passed for item in items):
        raise _refused(field, Text("The owners said no.", "该事项未获业主表决通过。"))
    return vote


def _refused(field: str, message: Text) -> Refused:
    return Refused(
        RefusalCode.INVALID,
        message,
        path=(field,),
        hint=Text("Name a vote of the owners that passed.", "请选择已获通过的业主表决。"),
    )
