"""Cases of arrears (欠费催缴): from a home's first reminder until it owes nothing that is past due, or a court is asked."""

from collections.abc import Sequence
from datetime import date

from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word

from .ladder import FORMAL, LadderStep, Reminded

REASON_MAX = 500


class CaseState(Word):
    """Where a case stands."""

    OPEN = "OPEN", "催缴中", "Reminders come by the ladder."
    HANDED_OVER = "HANDED_OVER", "已移交", "The file for a court or an arbitration was made; no reminders come."
    CLOSED = "CLOSED", "已了结", "Nothing is past due any more."


class DeliveryWay(Word):
    """How a reminder on paper reached a home."""

    BY_HAND = "BY_HAND", "当面送达", "Handed over at the door or the desk."
    LETTER_BOX = "LETTER_BOX", "信箱投递", "Put into the home's letter box, closed."
    REGISTERED_MAIL = "REGISTERED_MAIL", "挂号邮寄", "Sent by registered mail, with the number of its slip."


def check_over(state: CaseState, ladder: Sequence[LadderStep], last: Reminded | None, today: date, *, told: bool) -> None:
    """Refuses (ILLEGAL_MOVE) to hand a case over before its way is at the end (Civil Code art. 944).

    That is: it is open, the ladder's last step was sent, a formal one, its delivery is proved (``told``), and its period is
    over.
    """
    if state is not CaseState.OPEN:
        raise _illegal(
            Text(f"The case is {state}.", f"该欠费案{state.zh}。"),
            Text("Only an open case is handed over.", "仅催缴中的案件可移交。"),
        )
    if last is None or last.step < len(ladder) or ladder[-1].kind not in FORMAL:
        step = 0 if last is None else last.step
        raise _illegal(
            Text(
                f"Step {step} of {len(ladder)} was sent: the home was not yet given every chance to pay.",
                f"催缴进行到第 {step} 步，共 {len(ladder)} 步，尚未催告完毕。",
            ),
            Text("Wait for the ladder's last step and its period.", "请待催缴阶梯最后一步发出且限期届满。"),
        )
    if not told:
        raise _illegal(
            Text("Nothing proves that the last demand reached the home.", "最后催告尚无送达凭证。"),
            Text(
                "Deliver it on paper and record that: reminderRecordDelivery.",
                "请书面送达并登记送达情况（reminderRecordDelivery）。",
            ),
        )
    if today <= last.pay_by:
        raise _illegal(
            Text(f"The home has until {last.pay_by} to pay.", f"该户的缴费期限为 {last.pay_by}。"),
            Text("Wait until that day is over.", "请待期限届满。"),
        )


def _illegal(message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.ILLEGAL_MOVE, message, path=("id",), hint=hint)
