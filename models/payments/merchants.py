"""Contracts of organisations with a payment provider, by book."""

from datetime import timedelta

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.payments import Provider
from domain.payments.signing import SECRET_LEAST, SECRET_MOST
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.calendar import now
from models.facts import record
from models.ids import new_id
from models.ledger import kept
from models.permits import actor_of, permitted
from models.secrets import open_sealed, seal
from settings import load

from .rows import PaymentMerchant
from .settling import of_book

NUMBER_MAX = 40
_OVERLAP = timedelta(days=1)


async def set_merchant(viewer: Viewer, book_id: str, number: str, secret: str) -> PaymentMerchant:
    """Let bills of the book be paid online, with the merchant's ``number`` and ``secret``; those of before hold for nothing new.

    What was ordered with them can still be paid. Refuses NOT_FOUND, FORBIDDEN and INVALID.
    """
    async with in_transaction():
        book = await kept(viewer, book_id, "merchantSet")
        number, secret = _checked(number, secret)
        # The book's row is the turnstile here: one merchant of a book holds at a time.
        await type(book).filter(id=book.id).select_for_update().get()
        await PaymentMerchant.filter(book_id=book.id, ended_at=None).update(ended_at=now())
        merchant_id = new_id(PaymentMerchant.prefix)
        merchant = await PaymentMerchant.create(
            id=merchant_id,
            provider=Provider.SANDBOX,
            number=number,
            secret=seal(secret, load(), of=f"{merchant_id}.secret"),
            set_at=now(),
            **of_book(book),
        )
        await record(actor_of(viewer), "merchantSet", merchant)
        return merchant


def _checked(number: str, secret: str) -> tuple[str, str]:
    number = written(number, "number", NUMBER_MAX)
    if not (number.isascii() and number.isalnum()):
        raise Refused(
            RefusalCode.INVALID,
            Text("A merchant's number has letters and digits only.", "商户号只含字母和数字。"),
            path=("number",),
            hint=Text("Copy it from the provider.", "请按支付机构提供的商户号填写。"),
        )
    secret = written(secret, "secret", SECRET_MOST, least=SECRET_LEAST)
    if not (secret.isascii() and secret.isprintable()):
        raise Refused(
            RefusalCode.INVALID,
            Text("A secret has printable ASCII characters only.", "密钥只含可打印的 ASCII 字符。"),
            path=("secret",),
            hint=Text("Copy it from the provider.", "请按支付机构提供的密钥填写。"),
        )
    return number, secret


async def end_merchant(viewer: Viewer, merchant_id: str) -> PaymentMerchant:
    """Nothing of the book is paid online any more. Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE (it has ended)."""
    async with in_transaction():
        merchant = await permitted(PaymentMerchant, merchant_id, viewer, "merchantEnd")
        if merchant.ended_at is not None:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("It has ended.", "该商户已停用。"),
                path=("id",),
                hint=Text("Set another: merchantSet.", "请重新设置（merchantSet）。"),
            )
        merchant.ended_at = now()
        await merchant.save(update_fields=["ended_at"])
        await record(actor_of(viewer), "merchantEnd", merchant)
        return merchant


async def secrets_of(merchant: PaymentMerchant) -> list[str]:
    """The secrets that are good between us and the provider for the merchant's number, the one to sign with first.

    One that was replaced is good for another day, so that nothing on its way is lost. Raises NoSecretKey and NotOpened.
    """
    rows = await PaymentMerchant.filter(book_id=merchant.book_id, number=merchant.number).order_by("-set_at", "-id")
    good = [row for n, row in enumerate(rows) if n == 0 or (row.ended_at is not None and row.ended_at > now() - _OVERLAP)]
    return [open_sealed(row.secret, load(), of=f"{row.id}.secret") for row in good]
