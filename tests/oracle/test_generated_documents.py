"""Both sides agree on documents that nobody has written."""

import math

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from . import DOCUMENTS, SEED
from .documents import Written, documents
from .house import House
from .wild import wild_documents

#: Documents that Hypothesis makes in one go: its memory of them grows.
ROUND = 500
#: So many more are from hypothesis-graphql, which takes ten times as long to write one.
WILD = DOCUMENTS // 40


def _agree(house: House, written: st.SearchStrategy[Written], count: int, number: int) -> None:
    @seed(SEED + number)
    @settings(max_examples=count, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(written)
    def agree(written: Written) -> None:
        house.agree(written)

    agree()


@pytest.mark.parametrize("number", range(math.ceil(DOCUMENTS / ROUND)))
def test_documents_of_our_own_are_answered_alike(house: House, number: int) -> None:
    _agree(house, documents(house.oracle), min(ROUND, DOCUMENTS), number)


@pytest.mark.parametrize("number", range(math.ceil(WILD / ROUND)))
def test_documents_of_hypothesis_graphql_are_answered_alike(house: House, number: int) -> None:
    _agree(house, wild_documents(house.oracle), min(ROUND, WILD), number)
