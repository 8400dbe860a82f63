"""Links between tickets never lead back, whatever is linked in whatever order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.refusals import RefusalCode, Refused
from domain.tickets.relations import LinkKind, check_no_circle, leads_to

_ids = st.sampled_from("abcdefg")


def closure(edges: dict[str, set[str]]) -> set[tuple[str, str]]:
    """All pairs that links lead between, slowly and obviously."""
    pairs = {(one, one) for one in "abcdefg"} | {(one, other) for one, others in edges.items() for other in others}
    for middle in "abcdefg":
        pairs |= {(one, other) for one in "abcdefg" for other in "abcdefg" if {(one, middle), (middle, other)} <= pairs}
    return pairs


@given(st.dictionaries(_ids, st.sets(_ids), max_size=7), _ids, _ids)
def test_one_ticket_leads_to_another_where_any_chain_of_links_does(edges: dict[str, set[str]], one: str, other: str):
    assert leads_to(edges, one, other) == ((one, other) in closure(edges))


@given(st.lists(st.tuples(_ids, _ids), max_size=30))
def test_whatever_is_linked_no_ticket_ever_leads_back_to_itself(wanted: list[tuple[str, str]]):
    edges: dict[str, set[str]] = {}
    for one, other in wanted:
        if (other, one) in closure(edges):
            with pytest.raises(Refused) as refusal:
                check_no_circle(edges, one, other)
            assert (refusal.value.code, refusal.value.path) == (RefusalCode.CONFLICT, ("other_id",))
            continue
        check_no_circle(edges, one, other)
        edges.setdefault(one, set()).add(other)
    assert not {(one, other) for one, other in closure(edges) if one != other and (other, one) in closure(edges)}
    assert not any(one in others for one, others in edges.items())


def test_what_refuses_a_circle_says_how_to_mend_it():
    with pytest.raises(Refused) as refusal:
        check_no_circle({"b": ["c"], "c": ["a"]}, "a", "b")
    assert "Undo one of the links" in refusal.value.hint.en
    assert all(kind.zh and kind.meaning for kind in LinkKind)
