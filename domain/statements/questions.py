"""Questions that owners ask about a statement, in public and without their names."""

from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word

BODY_MAX, ANSWER_MAX, REASON_MAX = 500, 2_000, 200
#: Questions that one person may have waiting for an answer about one statement (product default).
MOST_WAITING = 5


class QuestionState(Word):
    """Where a question stands."""

    OPEN = "OPEN", "待答复", "Asked; whoever keeps the books has not answered."
    ANSWERED = "ANSWERED", "已答复", "Answered in public."


def check_waiting(waiting: int) -> None:
    """Refuses (CONFLICT) one more question of somebody who has so many waiting already."""
    if waiting < MOST_WAITING:
        return
    raise Refused(
        RefusalCode.CONFLICT,
        Text(f"{waiting} of your questions wait for an answer.", f"您已有 {waiting} 个问题尚待答复。"),
        path=("id",),
        hint=Text("Wait for an answer to one of them.", "请等待答复后再提问。"),
    )
