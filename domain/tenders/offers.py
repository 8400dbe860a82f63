"""What a company bids, in the form in which it is sealed: always as long, whatever it says."""

import json
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from domain.money import fen
from domain.texts import written

OFFER_MAX = 4_000
#: Bytes of every sealed form: room for the longest offer in the longest characters.
SEALED_BYTES = 32_768
_DEAREST = Decimal(1_000)


@dataclass(frozen=True)
class Offer:
    """``price``: yuan per square metre and month. ``salt``: random, so that nobody finds the price by trying digests."""

    price: Decimal
    text: str
    salt: str


def check_offer(price: Decimal, text: str, salt: str) -> Offer:
    """The offer as it is kept. Refuses (INVALID) a price that is no amount of fen above nothing, and text."""
    return Offer(fen(price, "price", most=_DEAREST), written(text, "offer", OFFER_MAX), salt)


def sealed_form(offer: Offer) -> tuple[str, str]:
    """The text that is sealed, padded to one length for all; and the SHA-256 of what is not padding, in hex."""
    said = json.dumps({"price": str(offer.price), "offer": offer.text, "salt": offer.salt}, ensure_ascii=False)
    content = said.encode()
    return said + " " * (SEALED_BYTES - len(content)), sha256(content).hexdigest()


def opened(form: str) -> tuple[Offer, str]:
    """The offer of an opened form, and its digest, to be compared with the one that was given out for it."""
    said = form.rstrip(" ")
    stored = json.loads(said)
    offer = Offer(Decimal(stored["price"]), str(stored["offer"]), str(stored["salt"]))
    return offer, sha256(said.encode()).hexdigest()
