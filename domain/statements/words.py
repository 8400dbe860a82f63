"""The words of statements: where one stands, what is done to it, what its parts and lines are."""

from collections.abc import Mapping

from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word


class StatementState(Word):
    """Where a statement stands."""

    DRAFT = "DRAFT", "草稿", "Drafted from the books; whoever keeps them may draft it anew."
    SUBMITTED = "SUBMITTED", "待审核", "With the owners' body, to be reviewed."
    APPROVED = "APPROVED", "审核通过", "Reviewed, to be published."
    PUBLISHED = "PUBLISHED", "已公示", "Read by the owners; nothing in it changes any more."
    REPLACED = "REPLACED", "已更正", "Published, and replaced by a correction since; still read by the owners."
    DISCARDED = "DISCARDED", "已作废", "Given up before it was published."


class StatementMove(Word):
    """What can be done to a statement."""

    REDRAFT = "REDRAFT", "重新起草", "Draft it anew from the books as they stand."
    SUBMIT = "SUBMIT", "提交审核", "Give it to the owners' body."
    APPROVE = "APPROVE", "审核通过", "Find it right."
    RETURN = "RETURN", "退回", "Give it back with remarks."
    PUBLISH = "PUBLISH", "公示", "Let the owners read it."
    REPLACE = "REPLACE", "更正", "Put a corrected one in its place."
    DISCARD = "DISCARD", "作废", "Give it up."


class StatementReview(Word):
    """What became of the review of a statement that was published."""

    APPROVED = "APPROVED", "已审核", "The owners' body found it right."
    NOT_IN_TIME = "NOT_IN_TIME", "逾期未审核", "The owners' body did not answer within its time."


class StatementPart(Word):
    """Whose money a part of a statement tells of."""

    COMPANY = "COMPANY", "物业服务收支", "The service: what it brought in and what it cost."
    COMMON_AREA = "COMMON_AREA", "公共收益", "What the common parts brought in; it is the owners'."
    MAINTENANCE_FUND = "MAINTENANCE_FUND", "维修资金", "The owners' fund for great repairs."


class StatementLineKind(Word):
    """What a line of a statement tells."""

    OPENING = "OPENING", "期初结余", "What was there when the period began."
    INCOME = "INCOME", "收入", "What came in."
    COST = "COST", "成本支出", "What it cost to run, or to bring in."
    USE = "USE", "使用支出", "What of the owners' money was used, and for what."
    CLOSING = "CLOSING", "期末结余", "What is there when the period is over."
    RESULT = "RESULT", "本期结余", "Income less cost; it is carried nowhere."


_S, _M = StatementState, StatementMove

#: Every state has a row; a move that a row does not name is refused.
MOVES: Mapping[StatementState, Mapping[StatementMove, StatementState]] = {
    _S.DRAFT: {_M.REDRAFT: _S.DRAFT, _M.SUBMIT: _S.SUBMITTED, _M.DISCARD: _S.DISCARDED},
    _S.SUBMITTED: {_M.APPROVE: _S.APPROVED, _M.RETURN: _S.DRAFT, _M.PUBLISH: _S.PUBLISHED},
    _S.APPROVED: {_M.PUBLISH: _S.PUBLISHED, _M.RETURN: _S.DRAFT},
    _S.PUBLISHED: {_M.REPLACE: _S.REPLACED},
    _S.REPLACED: {},
    _S.DISCARDED: {},
}
#: Not published yet, and still wanted.
UNDER_WAY = frozenset({_S.DRAFT, _S.SUBMITTED, _S.APPROVED})
#: Read by the owners.
PUBLIC = frozenset({_S.PUBLISHED, _S.REPLACED})


def moved(state: StatementState, move: StatementMove) -> StatementState:
    """The state after ``move``; refuses (ILLEGAL_MOVE) what the table forbids, and says what it allows."""
    after = MOVES[state].get(move)
    if after is not None:
        return after
    allowed = tuple(MOVES[state])
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(f"A statement that is {state} does not allow {move}.", f"公示表{state.zh}，不能{move.zh}。"),
        path=("id",),
        hint=Text(
            f"Allowed now: {', '.join(allowed)}." if allowed else "Nothing more can be done to it.",
            f"当前可以：{'、'.join(each.zh for each in allowed)}。" if allowed else "该公示表不能再作任何操作。",
        ),
    )


def invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)
