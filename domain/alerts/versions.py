"""The words of a street's own versions of rules: drafted, tried on what was stored, published, retired."""

from collections.abc import Mapping

from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word


class RuleVersionState(Word):
    """State of a street's version of a rule."""

    DRAFT = "DRAFT", "草稿", "Written down; it raises nothing yet."
    LIVE = "LIVE", "生效", "The rule that holds in the street."
    RETIRED = "RETIRED", "停用", "Taken back, replaced, or never published."


class RuleVersionMove(Word):
    """What can be done to a version."""

    PUBLISH = "PUBLISH", "发布", "Let it hold."
    RETIRE = "RETIRE", "停用", "Let it hold no more."


_S, _M = RuleVersionState, RuleVersionMove

#: What each state allows, and what comes of it.
MOVES: Mapping[RuleVersionState, Mapping[RuleVersionMove, RuleVersionState]] = {
    _S.DRAFT: {_M.PUBLISH: _S.LIVE, _M.RETIRE: _S.RETIRED},
    _S.LIVE: {_M.RETIRE: _S.RETIRED},
    _S.RETIRED: {},
}


def moved(state: RuleVersionState, move: RuleVersionMove) -> RuleVersionState:
    """The state after ``move``; refuses (ILLEGAL_MOVE) what the table forbids."""
    after = MOVES[state].get(move)
    if after is None:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text(f"A version that is {state} does not allow {move}.", f"该版本{state.zh}，不能{move.zh}。"),
            path=("id",),
            hint=Text("Draft a new version.", "请另行起草新版本。"),
        )
    return after


class DryRunState(Word):
    """State of a dry run."""

    RUNNING = "RUNNING", "进行中", "It goes through the stored readings, or waits for its turn."
    DONE = "DONE", "完成", "It says what the version would have raised."
    FAILED = "FAILED", "失败", "It was given up; start another."


class FigureSource(Word):
    """Whose a figure is that holds for something: the nearest that has one."""

    RULE = "RULE", "规则", "The rule's own."
    STREET = "STREET", "街道", "Set for the street."
    COMPOUND = "COMPOUND", "小区", "Set for the compound."
    FACILITY = "FACILITY", "设施", "Set for the facility."
    DEVICE = "DEVICE", "设备", "Set for the device."
