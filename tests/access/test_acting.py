"""Whatever is done to whatever row: what is not seen answers as what is not there, and what is refused leaves no trace."""

from __future__ import annotations

import json
from itertools import product

import pytest

from .acts import absent, codes, do, document, given, id_fields, state, wanted
from .people import PEOPLE
from .story import Person, Told
from .table import ACTS, FINDING, MUTATIONS, OF_ANYBODY, OF_EVERYBODY, OF_THE_HOUSE, TARGETS
from .town import Town, Towns

everybody = pytest.mark.parametrize("person", PEOPLE, ids=str)
#: Rows that are not seen on which an act is tried.
_TRIED = 2


@pytest.fixture
def acting(towns: Towns) -> Town:
    """A town in which things are done."""
    return towns.at("acting")


def _some(rows: list[Told], turn: int, most: int = _TRIED) -> list[Told]:
    """Some of the rows, others in each turn."""
    return [rows[(turn * most + n) % len(rows)] for n in range(min(most, len(rows)))]


def _around(town: Town, person: Person, act: str, field: str) -> dict[str, str]:
    """The ids that stand beside ``field`` in an act's input: of rows with which the act could be done."""
    ids: dict[str, str] = {}
    for beside, types in TARGETS[act].items():
        if beside in (field, "facilityId") or (beside == "homeId" and act == "ticketOpen"):
            continue
        type_ = types.split()[0]
        rows = [row for row in town.story.visible(person, type_) if not wanted(town.story, person, act, row)]
        rows = rows or [row for row in town.story.of_type[type_] if type_ != "Account"]
        fit = [row for row in rows if row.spare or (type_ == "Ticket" and row.values["state"] == "IN_PROGRESS")]
        if rows:
            ids[beside] = (fit or rows)[0].id
    return ids


def test_the_table_names_every_id_that_an_act_takes() -> None:
    assert {act: set(fields) for act, fields in TARGETS.items()} == {
        act: fields for act in MUTATIONS if (fields := id_fields(act)) and act not in OF_EVERYBODY
    }
    assert set(TARGETS) == set(ACTS)


@everybody
def test_what_is_not_seen_answers_as_what_is_not_there_and_what_is_refused_changes_nothing(acting: Town, person: Person) -> None:
    story, turn = acting.story, PEOPLE.index(person)

    async def refused() -> None:
        before = await state(acting)
        for act, targets in TARGETS.items():
            first = next(iter(targets))
            for field, types in targets.items():
                around = _around(acting, person, act, field)
                for type_ in types.split():
                    nothing = absent(story.of_type[type_][0])
                    answer = await do(acting, person, act, {**around, field: nothing})
                    said = codes(answer)
                    for row in _some(story.foreign(person, type_), turn):
                        body = await do(acting, person, act, {**around, field: row.id})
                        assert body.replace(row.id, nothing) == answer, f"{act} tells {row.type} {row.id} from nothing"
                    if field == first:
                        code = "UNAUTHENTICATED" if person.token == "none" else "NOT_FOUND" if person.acts else "FORBIDDEN"
                        assert said == [code], f"{act} of nothing answers {said}"
                    else:
                        assert said, f"{act} with nothing as {field} was done"
                    assert not story.mentions(answer.replace(nothing, ""), person)
                    seen = story.visible(person, type_) if field == first else []
                    for row in _some([each for each in seen if wanted(story, person, act, each)], turn, 1):
                        body = await do(acting, person, act, {**around, field: row.id})
                        assert codes(body) == [wanted(story, person, act, row)], f"{act} of {row.type} {row.id}: {body}"
                        assert not story.mentions(body, person)
        others = [id_ for name, id_ in acting.sessions.items() if name != person.name]
        answer = await do(acting, person, "sessionRevoke", {"id": absent(others[0])})
        assert codes(answer) == ["UNAUTHENTICATED" if person.token == "none" else "NOT_FOUND" if person.acts else "FORBIDDEN"]
        for other in others[:3]:
            assert await do(acting, person, "sessionRevoke", {"id": other}) == answer
        after = await state(acting)
        assert {table for table in before if before[table] != after[table]} == set()

    acting.run(refused())


@everybody
def test_a_number_finds_what_is_in_the_hands_of_whoever_asks(acting: Town, person: Person) -> None:
    story = acting.story
    may = person.acts and any(hat.role in FINDING["findByPhone"] for hat in person.hats)

    async def find() -> None:
        nothing = await do(acting, person, "findByPhone", {"phone": "13998765432"})
        for phone in story.phones[PEOPLE.index(person) % 5 :: 5]:
            body = await do(acting, person, "findByPhone", {"phone": phone})
            (row,) = (story.rows[id_] for id_ in story.has_phone[phone])
            in_hand = any(hat.role in FINDING["findByPhone"] and row.ways(hat, person, acting=True) for hat in person.hats)
            theirs = may and (in_hand or row.id in acting.own(person))
            assert (row.id in body) == theirs
            assert theirs or body == nothing
            assert not story.mentions(body, person)
        assert bool(codes(nothing)) != may

    acting.run(find())


def test_whoever_knows_no_secret_is_told_nothing_about_those_that_exist(acting: Town) -> None:
    (nobody,) = (person for person in PEOPLE if person.token == "none")

    async def guess() -> None:
        for act, field in (("logIn", "login"), ("registerResident", "login")):
            answers = {
                await acting.ask(nobody, document(act), {"input": {**given(act, {}), field: login}})
                for login in ("nobody.here", acting.story.of_type["Account"][0].values["login"])
            }
            assert len(answers) == 1
            assert codes(answers.pop())
        assert codes(await do(acting, nobody, "sessionRefresh", {}))
        assert {"logIn", "registerResident", "sessionRefresh"} == OF_ANYBODY

    acting.run(guess())


@everybody
def test_checks_are_run_by_those_who_answer_for_the_house(acting: Town, person: Person) -> None:
    may = any(hat.role in OF_THE_HOUSE["checkRun"] for hat in person.hats)

    async def run() -> None:
        said = codes(await do(acting, person, "checkRun", {}))
        refused = "UNAUTHENTICATED" if person.token == "none" else "FORBIDDEN"
        assert said == ["NOT_FOUND" if may and person.acts else refused]

    acting.run(run())


def _dispensable(act: str, row: Told) -> bool:
    """Whether the story goes on after the act."""
    if act == "mandateEnd":
        return row.values["endsOn"] is not None and row.values["endsOn"].year < 2024
    return row.spare or act == "unmask" or row.type not in {"Account", "ApiToken", "RoleBinding"}


@everybody
def test_everybody_may_do_what_the_table_says(acting: Town, person: Person) -> None:
    story, turn = acting.story, PEOPLE.index(person)

    async def done() -> None:
        for act, targets in TARGETS.items():
            (first, types), *_ = targets.items()
            for type_ in types.split():
                rows = [row for row in story.visible(person, type_) if not wanted(story, person, act, row)]
                for row in _some([row for row in rows if _dispensable(act, row)], turn, 1):
                    around = _around(acting, person, act, first)
                    around |= {beside: acting.own(person)[0] for beside in ("accountId", "assigneeId") if beside in around}
                    body = await do(acting, person, act, {**around, first: row.id})
                    assert not {*codes(body)} & {"UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "RATE_LIMITED"}, f"{act}: {body}"
                    if act == "unmask":
                        (number,) = (phone for phone, ids in story.has_phone.items() if row.id in ids)
                        assert json.loads(body)["data"]["unmask"]["phone"].endswith(number)
                        body = body.replace(number, "")
                    assert story.mentions(body, person, own=acting.own(person), after=True) == []

    acting.run(done())


@pytest.mark.parametrize("person", sorted(PEOPLE, key=lambda person: person.token == "session"), ids=str)
def test_everybody_keeps_their_own_account_and_no_narrow_token_does(acting: Town, person: Person) -> None:
    async def own() -> None:
        for act in ("phoneChange", "logOut"):
            before = await state(acting)
            said = codes(await do(acting, person, act, {}))
            if person.token == "none":
                assert said == ["UNAUTHENTICATED"]
            elif not person.acts:
                assert said == ["FORBIDDEN"]
            else:
                assert "FORBIDDEN" not in said
            done = not said and (act != "logOut" or person.token == "session")
            assert (await state(acting) != before) == done

    acting.run(own())


def test_every_row_and_act_has_somebody_who_may_and_somebody_who_may_not(acting: Town) -> None:
    """The story is rich enough to tell the roles apart."""
    answers = {
        (act, wanted(acting.story, person, act, row))
        for person, (act, targets) in product(PEOPLE, TARGETS.items())
        for row in acting.story.of_type[next(iter(targets.values())).split()[0]]
        if person.acts
    }
    assert {(act, code) for act, code in product(TARGETS, ("", "NOT_FOUND", "FORBIDDEN"))} - answers == set()
