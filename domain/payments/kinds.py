"""The words of payments: how money comes, where a payment, an order, a refund stands, and which moves there are."""

from collections.abc import Mapping

from domain.words import Word


class PaymentMethod(Word):
    """How money came."""

    CASH = "CASH", "现金", "Handed over at the desk."
    TRANSFER = "TRANSFER", "转账", "Transferred, or paid at a till of the company's own; entered by hand or told by a machine."
    BANK_FILE = "BANK_FILE", "银行对账文件", "Found in a statement of the bank."
    ONLINE = "ONLINE", "线上支付", "Paid online, through a payment provider."


class PaymentState(Word):
    """Where a payment stands; follows from its amounts."""

    UNMATCHED = "UNMATCHED", "待认领", "It is not known whose it is: it waits in suspense."
    OPEN = "OPEN", "有余额", "Some of it is not allocated to bills: it is there for later ones."
    ALLOCATED = "ALLOCATED", "已核销", "All of it went to bills, or back."
    REFUNDED = "REFUNDED", "已退款", "All of it went back."
    CHARGED_BACK = "CHARGED_BACK", "已拒付", "The bank or the provider took it back."
    VOID = "VOID", "已作废", "Entered by mistake."


class MatchedBy(Word):
    """How it was found whose a payment is."""

    GIVEN = "GIVEN", "登记时指定", "Whoever entered it said so, or it was paid for an order."
    BILL_NUMBER = "BILL_NUMBER", "账单号", "The bank's line names a bill."
    HOME_CODE = "HOME_CODE", "房屋编号", "The bank's line names a home."
    AMOUNT = "AMOUNT", "金额", "Exactly one bill of the book has this amount open."
    HAND = "HAND", "人工认领", "Somebody found out."


class OrderState(Word):
    """Where a payment order stands."""

    CREATING = "CREATING", "创建中", "The provider is being asked to take it."
    OPEN = "OPEN", "待支付", "It can be paid at its page."
    PAID = "PAID", "已支付", "The money came."
    MISMATCHED = "MISMATCHED", "金额不符", "Another amount came than was asked for: it waits in suspense."
    EXPIRED = "EXPIRED", "已过期", "Nobody paid it in time."
    CLOSED = "CLOSED", "已关闭", "Whoever opened it did not want it any more."
    FAILED = "FAILED", "失败", "The provider did not take it."


class OrderMove(Word):
    """What can happen to a payment order."""

    CREATED = "CREATED", "创建成功", "The provider took it."
    REFUSED = "REFUSED", "创建失败", "The provider did not take it."
    PAY = "PAY", "支付", "The money came."
    MISMATCH = "MISMATCH", "金额不符", "Another amount came."
    EXPIRE = "EXPIRE", "过期", "Its time is over."
    CLOSE = "CLOSE", "关闭", "It is not wanted any more."


_S, _M = OrderState, OrderMove
#: Money that comes late is money: nothing but money itself ends it.
_LATE = {_M.PAY: _S.PAID, _M.MISMATCH: _S.MISMATCHED}

#: Every state has a row; a move that a row does not name is passed over: messages come twice, and in any order.
ORDER_MOVES: Mapping[OrderState, Mapping[OrderMove, OrderState]] = {
    _S.CREATING: {
        _M.CREATED: _S.OPEN,
        _M.REFUSED: _S.FAILED,
        _M.EXPIRE: _S.EXPIRED,
        _M.CLOSE: _S.CLOSED,
        **_LATE,
    },
    _S.OPEN: {_M.EXPIRE: _S.EXPIRED, _M.CLOSE: _S.CLOSED, **_LATE},
    _S.EXPIRED: _LATE,
    _S.CLOSED: _LATE,
    _S.FAILED: _LATE,
    _S.PAID: {},
    _S.MISMATCHED: {},
}
#: Of these it may still turn out that somebody paid: the provider is asked.
ASKED_AFTER = frozenset({_S.CREATING, _S.OPEN})


def moved(state: OrderState, move: OrderMove) -> OrderState | None:
    """Where ``move`` leads from ``state``; None: it is passed over."""
    return ORDER_MOVES[state].get(move)


class RefundState(Word):
    """Where a refund stands."""

    REQUESTED = "REQUESTED", "待审批", "Somebody asked for it; another person decides."
    SENDING = "SENDING", "退款中", "Approved; the provider is being asked."
    DONE = "DONE", "已退款", "The money went back."
    REJECTED = "REJECTED", "已驳回", "It was not approved."
    FAILED = "FAILED", "退款失败", "The provider did not do it; the money is the home's again."


class ReceiptState(Word):
    """Whether a receipt holds."""

    ISSUED = "ISSUED", "有效", "It holds."
    VOID = "VOID", "作废", "It does not hold any more; its number is not used again."


class InvoiceState(Word):
    """Where the request for an electronic invoice stands."""

    REQUESTED = "REQUESTED", "已申请", "Asked for."
    EXPORTED = "EXPORTED", "已导出", "Handed to the invoicing software."
    ISSUED = "ISSUED", "已开具", "The invoice was made."
    FAILED = "FAILED", "开具失败", "The invoice could not be made; it can be exported again."


#: From which states a request is handed over again, and in which its end can be reported.
EXPORTABLE = frozenset({InvoiceState.REQUESTED, InvoiceState.FAILED})


class BuyerKind(Word):
    """For whom an electronic invoice is."""

    PERSON = "PERSON", "个人", "A person, who is not named here."
    ORGANISATION = "ORGANISATION", "单位", "An organisation, by its credit code."


class Provider(Word):
    """Who takes money online."""

    SANDBOX = "SANDBOX", "沙箱支付", "The sandbox that comes with the product: it moves no money."


class ReconciliationState(Word):
    """What the comparison of a day with the provider's file gave."""

    MATCHED = "MATCHED", "已平", "Both sides have the same."
    DIFFERENT = "DIFFERENT", "有差异", "Something is on one side only, or differs."


class DifferenceKind(Word):
    """How the provider's file and our payments differ."""

    MISSING_HERE = "MISSING_HERE", "我方缺失", "The provider has it, we do not."
    MISSING_THERE = "MISSING_THERE", "对方缺失", "We have it, the provider does not."
    AMOUNT = "AMOUNT", "金额不符", "Both have it, with other amounts."


class ExportFormat(Word):
    """In which form requests for invoices are handed over."""

    CSV = "CSV", "CSV", "A table, with a byte order mark."
    JSON = "JSON", "JSON", "A list of objects."


class BankFileState(Word):
    """Where a bank's statement stands."""

    ENTERING = "ENTERING", "导入中", "Its lines are being entered."
    DONE = "DONE", "已导入", "All of them are."
