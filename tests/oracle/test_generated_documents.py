"""Both sides agree on documents that nobody has written."""

import math
from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from . import DOCUMENTS, SEED
from .documents import documents, subscriptions
from .house import House
from .wild import wild_documents

#: Documents that Hypothesis makes in one go: its memory of them grows.
ROUND = 500
#: So many more are from hypothesis-graphql, which takes ten times as long to write one, and so many are subscriptions.
FEWER = DOCUMENTS // 40

#: A failure is made as small as it can be, and not explained by lines of code that ran.
PHASES = (Phase.generate, Phase.shrink)

D = TypeVar("D")


def _agree(documents: st.SearchStrategy[D], agree: Callable[[D], None], count: int, number: int) -> None:
    @seed(SEED + number)
    @settings(max_examples=count, database=None, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
    @given(documents)
    def run(document: D) -> None:
        agree(document)

    run()


@pytest.mark.parametrize("number", range(math.ceil(DOCUMENTS / ROUND)))
def test_documents_of_our_own_are_answered_alike(house: House, number: int) -> None:
    _agree(documents(house.oracle), house.agree, min(ROUND, DOCUMENTS), number)


@pytest.mark.parametrize("number", range(math.ceil(FEWER / ROUND)))
def test_documents_of_hypothesis_graphql_are_answered_alike(house: House, number: int) -> None:
    _agree(wild_documents(house.oracle), house.agree, min(ROUND, FEWER), number)


@pytest.mark.parametrize("number", range(math.ceil(FEWER / ROUND)))
def test_what_changed_is_told_alike(house: House, number: int) -> None:
    _agree(subscriptions(house.oracle), house.agree_on_changes, min(ROUND, FEWER), number)
