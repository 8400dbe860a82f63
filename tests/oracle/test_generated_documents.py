"""Both sides agree on documents that nobody has written."""

import math
import random
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from . import DOCUMENTS, SEED
from .arguments import BYTES, CHOICE
from .documents import Writer, Written
from .house import House
from .wild import wild_documents

#: Documents of one test.
ROUND = 500
#: So many more are from hypothesis-graphql, which takes ten times as long to write one, and so many are subscriptions.
FEWER = DOCUMENTS // 40
#: How often a smaller document is tried in place of one that fails.
TRIES = 600


def _agree(try_: Callable[[bytes], None], number: int, count: int) -> None:
    """Try documents written by random choices; a failure tells the smallest that was found to fail."""
    for n in range(count):
        choices = random.Random(f"{SEED + number}/{n}").randbytes(BYTES)
        try:
            try_(choices)
        except AssertionError:
            try_(_smallest(choices, try_))
            raise


def _smallest(choices: bytes, try_: Callable[[bytes], None]) -> bytes:
    """Choices that fail with as few of them as can be: first cut short, then each of the rest replaced by the simplest."""
    simplest = bytes(CHOICE)
    smaller = [choices[:end] for end in range(0, len(choices), CHOICE)]
    found = next((one for one in smaller[:TRIES] if _fails(one, try_)), choices)
    for start in range(0, len(found), CHOICE):
        one = found[:start] + simplest + found[start + CHOICE :]
        found = one if _fails(one, try_) else found
    return found


def _fails(choices: bytes, try_: Callable[[bytes], None]) -> bool:
    try:
        try_(choices)
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("number", range(math.ceil(DOCUMENTS / ROUND)))
def test_documents_of_our_own_are_answered_alike(house: House, number: int) -> None:
    def try_(choices: bytes) -> None:
        house.agree(Writer(BytesIO(choices), house.oracle).document())

    _agree(try_, number, min(ROUND, DOCUMENTS))


@pytest.mark.parametrize("number", range(math.ceil(FEWER / ROUND)))
def test_documents_of_hypothesis_graphql_are_answered_alike(house: House, number: int) -> None:
    @seed(SEED + number)
    @settings(
        max_examples=min(ROUND, FEWER),
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(wild_documents(house.oracle))
    def run(document: Written) -> None:
        house.agree(document)

    run()


@pytest.mark.parametrize("number", range(math.ceil(FEWER / ROUND)))
def test_what_changed_is_told_alike(house: House, number: int) -> None:
    def try_(choices: bytes) -> None:
        house.agree_on_changes(Writer(BytesIO(choices), house.oracle).subscription())

    _agree(try_, number, min(ROUND, FEWER))
