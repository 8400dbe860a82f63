"""Wishes that come at the same time are answered together, and each as if it were alone."""

import asyncio
from collections.abc import Mapping

import pytest

from api.gathering import Gathering


class Oracle:
    """Answers a word with itself in capitals, when it is let; remembers what it was asked."""

    def __init__(self) -> None:
        self.runs: list[list[str]] = []
        self.free = asyncio.Event()
        self.free.set()

    async def answer(self, words: list[str]) -> Mapping[str, str | Exception]:
        self.runs.append(words)
        await self.free.wait()
        if "crash" in words:
            raise RuntimeError("crash")
        return {word: ValueError(word) if word == "bad" else word.upper() for word in words}


async def test_wishes_of_one_moment_are_one_run_and_equal_ones_are_asked_once() -> None:
    oracle = Oracle()
    gathering = Gathering(oracle.answer, 10)
    assert await asyncio.gather(*(gathering.get(word) for word in "abab")) == ["A", "B", "A", "B"]
    assert oracle.runs == [["a", "b"]]


async def test_a_wish_never_joins_a_run_that_has_begun() -> None:
    oracle = Oracle()
    gathering = Gathering(oracle.answer, 10)
    oracle.free.clear()
    first = gathering.get("a")
    await asyncio.sleep(0)
    later = [gathering.get("a"), gathering.get("b")]
    await asyncio.sleep(0)
    assert oracle.runs == [["a"]]
    oracle.free.set()
    assert [await wish for wish in (first, *later)] == ["A", "A", "B"]
    assert oracle.runs == [["a"], ["a", "b"]]


async def test_a_run_takes_no_more_than_it_may() -> None:
    oracle = Oracle()
    gathering = Gathering(oracle.answer, 2)
    assert await asyncio.gather(*(gathering.get(word) for word in "abcde")) == list("ABCDE")
    assert oracle.runs == [["a", "b"], ["c", "d"], ["e"]]


async def test_an_exception_is_for_its_wish_and_a_crash_for_its_run_only() -> None:
    oracle = Oracle()
    gathering = Gathering(oracle.answer, 2)
    wishes = [gathering.get(word) for word in ("bad", "good", "crash", "with it", "after")]
    told = await asyncio.gather(*wishes, return_exceptions=True)
    assert [type(one) for one in told] == [ValueError, str, RuntimeError, RuntimeError, str]


async def test_who_has_gone_is_not_asked_for_and_disturbs_nobody() -> None:
    oracle = Oracle()
    gathering = Gathering(oracle.answer, 10)
    oracle.free.clear()
    running = gathering.get("a")
    await asyncio.sleep(0)
    leaving, staying = gathering.get("b"), gathering.get("c")
    leaving.cancel()
    running.cancel()
    oracle.free.set()
    assert await staying == "C"
    assert oracle.runs == [["a"], ["c"]]
    with pytest.raises(asyncio.CancelledError):
        await leaving
