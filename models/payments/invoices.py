"""Electronic invoices: asked for here, made by the invoicing software that a request is exported to."""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from tortoise.fields.data import JSON_DUMPS
from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.credit_codes import credit_code
from domain.payments import EXPORTABLE, BuyerKind, InvoiceState, ReceiptState
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.calendar import now
from models.connection import constrained, query
from models.facts import record
from models.ledger import kept
from models.permits import actor_of, found, permit, permitted

from .rows import InvoiceRequest, Receipt

MOST_AT_ONCE = 1_000
PROBLEM_MAX, NUMBER_MAX = 200, 40

_EXPORTED = """
SELECT i.id, r.number AS receipt, i.amount::text AS amount, i.buyer_kind, coalesce(i.buyer_code, '') AS buyer_code,
    to_char(i.requested_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS requested_on
FROM invoice_request i JOIN receipt r ON r.id = i.receipt_id WHERE i.id = ANY($1::text[]) ORDER BY r.number
"""
COLUMNS = ("id", "receipt", "amount", "buyer_kind", "buyer_code", "requested_on")


async def request_invoice(
    viewer: Viewer, receipt_id: str, buyer_kind: BuyerKind, *, buyer_code: str | None = None
) -> InvoiceRequest:
    """Ask for an invoice for a receipt, once. A person is not named; an organisation is by its credit code.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (code), ILLEGAL_MOVE (the receipt is void) and CONFLICT (asked for already).
    """
    async with in_transaction():
        receipt = await found(Receipt, receipt_id, viewer, path=("receipt_id",), lock=True)
        permit(viewer, "invoiceRequest", receipt)
        code = credit_code(buyer_code or "", "buyer_code") if buyer_kind is BuyerKind.ORGANISATION else None
        if receipt.state is not ReceiptState.ISSUED:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("The receipt is void.", "该收据已作废。"),
                path=("receipt_id",),
                hint=Text("Take the receipt that holds.", "请选择有效的收据。"),
            )
        request = InvoiceRequest(
            state=InvoiceState.REQUESTED,
            buyer_kind=buyer_kind,
            buyer_code=code,
            amount=receipt.amount,
            requested_at=now(),
            receipt_id=receipt.id,
            book_id=receipt.book_id,
            home_id=receipt.home_id,
            compound_id=receipt.compound_id,
            organisation_id=receipt.organisation_id,
            street_id=receipt.street_id,
        )
        async with constrained(
            Refused(
                RefusalCode.CONFLICT,
                Text("An invoice for this receipt was asked for.", "该收据已申请发票。"),
                path=("receipt_id",),
                hint=Text("Look it up among the requests.", "请查看开票申请。"),
            )
        ):
            await request.save(force_create=True)
        await record(actor_of(viewer), "invoiceRequest", request, after={"state": request.state})
        return request


async def export_invoices(viewer: Viewer, book_id: str) -> tuple[str, list[Mapping[str, Any]]]:
    """The book and the requests of it that are to be made, a thousand at most: they count as handed over.

    Refuses NOT_FOUND and FORBIDDEN.
    """
    async with in_transaction():
        book = await kept(viewer, book_id, "invoiceExport")
        waiting = (
            await InvoiceRequest.filter(book_id=book.id, state__in=list(EXPORTABLE))
            .order_by("requested_at", "id")
            .limit(MOST_AT_ONCE)
            .select_for_update()
        )
        ids = [request.id for request in waiting]
        await InvoiceRequest.filter(id__in=ids).update(state=InvoiceState.EXPORTED, exported_at=now(), ended_at=None, problem="")
        if ids:
            await record(actor_of(viewer), "invoiceExport", book, after={"requests": len(ids)})
        return book.id, list(await query(_EXPORTED, ids))


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Exported requests as CSV with a byte order mark. No cell can be taken for a formula: all are codes, numbers and days."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([row[column] for column in COLUMNS] for row in rows)
    return "\ufeff" + text.getvalue()


def as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """Exported requests as JSON."""
    return JSON_DUMPS([dict(row) for row in rows])


async def report_invoice(viewer: Viewer, request_id: str, *, number: str | None, problem: str | None) -> InvoiceRequest:
    """Say what came of an exported request: the invoice's ``number``, or the ``problem``; then it can be exported again.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (both or neither) and ILLEGAL_MOVE (it is not with the invoicing software).
    """
    async with in_transaction():
        request = await permitted(InvoiceRequest, request_id, viewer, "invoiceReport")
        said = _said(number, problem)
        if request.state is not InvoiceState.EXPORTED:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text(f"The request is {request.state}.", f"该申请{request.state.zh}。"),
                path=("id",),
                hint=Text("Export it first: invoiceExport.", "请先导出（invoiceExport）。"),
            )
        request.state, request.ended_at = (InvoiceState.ISSUED if number is not None else InvoiceState.FAILED), now()
        request.invoice_number, request.problem = (said, "") if number is not None else ("", said)
        await request.save(update_fields=["state", "ended_at", "invoice_number", "problem"])
        await record(actor_of(viewer), "invoiceReport", request, after={"state": request.state})
        return request


def _said(number: str | None, problem: str | None) -> str:
    if (number is None) == (problem is None):
        raise Refused(
            RefusalCode.INVALID,
            Text("Either an invoice was made or it was not.", "请填写发票号码或失败原因其中之一。"),
            path=("number",),
            hint=Text("Give a number or a problem.", "二者须且只须填写一项。"),
        )
    return written(number, "number", NUMBER_MAX) if number is not None else written(problem or "", "problem", PROBLEM_MAX)
