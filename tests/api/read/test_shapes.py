"""A statement is shared by viewers of one shape; what each of them reaches is not."""

from api.read import Engine
from domain.access import Reach, Role, Viewer
from models import Compound
from tests.builders import a_compound

from .conftest import Ask

COMPOUNDS = "{ compounds { nodes { id } } }"


def a_double(staff_of: Compound, member_for: Compound) -> Viewer:
    """Somebody who reaches one compound by each of two roles."""
    reached = {Role.COMPANY_STAFF: staff_of, Role.COMMITTEE_MEMBER: member_for}
    return Viewer("acc_double", "", {role: {Reach.COMPOUND: (compound.id,)} for role, compound in reached.items()})


async def test_two_roles_that_reach_the_same_or_two_things_read_all_of_them(ask: Ask, engine: Engine) -> None:
    one, other = await a_compound(), await a_compound()
    for viewer, seen in (
        (a_double(one, one), {one.id}),
        (a_double(one, other), {one.id, other.id}),
        (a_double(other, other), {other.id}),
    ):
        got = await ask(viewer, COMPOUNDS)
        assert {node["id"] for node in got["data"]["compounds"]["nodes"]} == seen
    assert engine.statements.misses == 1


async def test_one_role_that_reaches_one_or_many_has_a_statement_for_each(ask: Ask, engine: Engine) -> None:
    compounds = [await a_compound() for _ in range(4)]
    for some in (compounds[:1], compounds[:3], compounds[1:], compounds[3:]):
        viewer = Viewer("acc_staff", "", {Role.COMPANY_STAFF: {Reach.COMPOUND: tuple(c.id for c in some)}})
        got = await ask(viewer, COMPOUNDS)
        assert {node["id"] for node in got["data"]["compounds"]["nodes"]} == {c.id for c in some}
    assert engine.statements.misses == 2
