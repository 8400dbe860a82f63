"""Bills: what a home is asked to pay, line by line, and the credit notes that take it back. A bill never changes after issue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from domain.ledger import AccountCode
from domain.money import fen, share
from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word

#: A bill of more is a mistake.
TOTAL_MAX = Decimal("99999999.99")
DESCRIPTION_MAX, REASON_MAX, LINES_MAX = 200, 500, 200
#: The first day that a bill may speak of, and the days that one may ask to wait for the money.
EARLIEST = date(1998, 1, 1)
DUE_DAYS_MAX = 366


class BillKind(Word):
    """What a bill is about."""

    FEES = "FEES", "费用账单", "Fees of a period."
    LATE_FEE = "LATE_FEE", "违约金账单", "A late fee that the contract has."


class BillState(Word):
    """Where a bill stands; follows from its amounts."""

    OPEN = "OPEN", "待缴", "Nothing was paid yet."
    PART_PAID = "PART_PAID", "部分已缴", "Some of it was paid."
    PAID = "PAID", "已结清", "Nothing is open any more."
    CREDITED = "CREDITED", "已冲销", "All of it was taken back."


class CreditKind(Word):
    """Why a bill, or some of it, is taken back."""

    CORRECTION = "CORRECTION", "更正", "It was wrong; what is right is billed anew."
    REVERSAL = "REVERSAL", "撤销", "It should not have been issued; its period can be billed again."
    WAIVER = "WAIVER", "减免", "It was right, and is not asked for."
    DISPUTE = "DISPUTE", "异议成立", "The home disputed it, and was right; its period is not billed again."
    WRITE_OFF = "WRITE_OFF", "核销坏账", "It was right, and is lost."


#: After these the period of what was taken back in full can be billed again.
RELEASING = frozenset({CreditKind.CORRECTION, CreditKind.REVERSAL})


class FeeUnit(Word):
    """What a quantity counts."""

    M2 = "M2", "平方米", "Square metres of floor."
    HOME = "HOME", "户", "Homes."
    PERSON = "PERSON", "人", "Heads."
    SPACE = "SPACE", "车位", "Parking spaces."
    M3 = "M3", "立方米", "Cubic metres of water or gas."
    KWH = "KWH", "千瓦时", "Kilowatt-hours."
    PIECE = "PIECE", "项", "Pieces, times."


@dataclass(frozen=True, slots=True)
class LineDraft:
    """A line to be billed. ``amount``: yuan, over zero. ``unit_price``: default: the amount. The days are both included.

    ``fee_item_id``: the item that it bills; no home is billed twice for an item, a first day and a ``tier``.
    """

    account: AccountCode
    description: Text
    amount: Decimal
    period_from: date
    period_to: date
    fee_item_id: str | None = None
    quantity: Decimal = Decimal(1)
    unit: FeeUnit = FeeUnit.PIECE
    unit_price: Decimal | None = None
    factor: Decimal = Decimal(1)
    tier: int = 0


@dataclass(frozen=True, slots=True)
class BillDraft:
    """A bill to be issued to a home: its lines, and by when it is to be paid."""

    home_id: str
    lines: Sequence[LineDraft]
    due_on: date
    kind: BillKind = BillKind.FEES
    corrects_id: str | None = None

    @property
    def total(self) -> Decimal:
        """What it asks for, in yuan."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def period(self) -> tuple[date, date]:
        """Its first day and its last."""
        return min(line.period_from for line in self.lines), max(line.period_to for line in self.lines)


def check_draft(draft: BillDraft, issued_on: date) -> None:
    """Refuses (INVALID) a bill without lines or with too many, amounts out of range, and days that cannot be."""
    if not 1 <= len(draft.lines) <= LINES_MAX:
        raise _invalid(
            "lines",
            Text(f"A bill has 1 to {LINES_MAX} lines; this has {len(draft.lines)}.", f"账单须有 1 至 {LINES_MAX} 行明细。"),
            Text("Give at least one line.", "请至少填写一行明细。"),
        )
    for line in draft.lines:
        fen(line.amount, "amount", least=Decimal("0.01"), most=TOTAL_MAX)
        if not EARLIEST <= line.period_from <= line.period_to:
            raise _invalid(
                "period_to",
                Text(f"{line.period_from} to {line.period_to} is no period.", "计费期间无效。"),
                Text("Give a last day that is not before the first.", "截止日期不得早于起始日期。"),
            )
    fen(draft.total, "amount", least=Decimal("0.01"), most=TOTAL_MAX)
    if not 0 <= (draft.due_on - issued_on).days <= DUE_DAYS_MAX:
        raise _invalid(
            "due_on",
            Text(
                f"A bill of {issued_on} cannot be due on {draft.due_on}.", f"{issued_on} 开具的账单不能于 {draft.due_on} 到期。"
            ),
            Text(f"Give a day 0 to {DUE_DAYS_MAX} days after it.", f"请填写开具日起 0 至 {DUE_DAYS_MAX} 天内的日期。"),
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """A line of a bill, and what of it still stands. ``account``: whose income it is."""

    line_id: str
    account: AccountCode
    standing: Decimal


@dataclass(frozen=True)
class Credit:
    """What a credit note takes back: per line, and altogether."""

    amount: Decimal
    lines: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])


def credit_of(
    standing: Sequence[Standing],
    open_: Decimal,
    *,
    amount: Decimal | None = None,
    lines: Mapping[str, Decimal] | None = None,
) -> Credit:
    """What is to be taken back of a bill: by ``lines``, or ``amount`` shared over what stands (default: all that is open).

    Refuses INVALID (nothing, lines of another bill, more than stands on a line) and ILLEGAL_MOVE (more than is open).
    """
    if lines is not None:
        known = {line.line_id: line.standing for line in standing}
        for line_id, taken in lines.items():
            fen(taken, "lines", least=Decimal("0.01"), most=TOTAL_MAX)
            if taken > known.get(line_id, Decimal(0)):
                raise _invalid(
                    "lines",
                    Text(
                        f"{taken} is more than stands on line {line_id}: {known.get(line_id, 0)}.",
                        f"冲减金额 {taken} 超过该行未冲减金额 {known.get(line_id, 0)}。",
                    ),
                    Text("Give what stands there, or less.", "请填写不超过该行余额的金额。"),
                )
        credit = Credit(sum(lines.values(), Decimal(0)), dict(lines))
    else:
        whole = min(open_, sum((line.standing for line in standing), Decimal(0))) if amount is None else amount
        fen(whole, "amount", least=Decimal(0), most=TOTAL_MAX)
        credit = Credit(whole, _shared(standing, whole))
    if credit.amount <= 0:
        raise _invalid(
            "amount",
            Text("Nothing would be taken back.", "没有可冲减的金额。"),
            Text("Give an amount over zero.", "请填写大于零的金额。"),
        )
    if credit.amount > open_:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text(f"{credit.amount} is more than is open: {open_}.", f"冲减金额 {credit.amount} 超过未缴金额 {open_}。"),
            path=("amount",),
            hint=Text("Take what was paid off the bill first, then credit it.", "请先撤销对该账单的核销，再开具冲减。"),
        )
    return credit


def _shared(standing: Sequence[Standing], amount: Decimal) -> dict[str, Decimal]:
    whole = sum((line.standing for line in standing), Decimal(0))
    if amount > whole:
        raise _invalid(
            "amount",
            Text(f"{amount} is more than stands: {whole}.", f"冲减金额 {amount} 超过账单未冲减金额 {whole}。"),
            Text("Give what stands, or less.", "请填写不超过余额的金额。"),
        )
    if not amount:
        return {}
    parts = share(amount, [line.standing for line in standing])
    return {line.line_id: part for line, part in zip(standing, parts, strict=True) if part}


def _invalid(name: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(name,), hint=hint)
