"""One database, one engine, one event loop for the whole session, and the comparison of both sides."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import unified_diff
from typing import Any, TypeVar

from graphql import DocumentNode

from api.read import Engine, Proof, Request, Response, Unproven
from domain.access import Viewer
from settings import Settings

from .documents import Watched, Written
from .executor import Oracle
from .rows import Store

T = TypeVar("T")

#: Documents here may be as large as they like (limits are shown elsewhere), and each is forgotten soon.
UNLIMITED = {"graphql_depth": 100, "graphql_cache_documents": 50} | dict.fromkeys(
    (
        *("graphql_tokens", "graphql_aliases", "graphql_directives", "graphql_root_fields", "graphql_fields"),
        *("graphql_comparisons", "graphql_document_bytes", "cost_anonymous", "cost_residents", "cost_staff", "cost_systems"),
    ),
    10**9,
)


@dataclass
class Asker:
    viewer: Viewer
    language: str = "en"


@dataclass
class Changed:
    subject_id: str

    def told_to(self, viewer: Viewer) -> bool:
        return True


@dataclass
class House:
    """Everything that a comparison needs."""

    runner: asyncio.Runner
    settings: Settings
    engine: Engine
    store: Store
    oracle: Oracle
    viewers: dict[str, Viewer]
    proof: Proof
    compared: set[str] = field(default_factory=set[str])

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.get_loop().run_until_complete(work)

    async def answer(self, request: Request, asker: Asker) -> Response:
        """As the API answers: for a remembered viewer, and for one that was looked up where that cannot be proved or fails."""
        try:
            return await self.engine.execute(request, asker, proof=self.proof)
        except Unproven:
            return await self.engine.execute(request, asker)

    def compare(
        self,
        query: str,
        variables: dict[str, Any] | None = None,
        *,
        viewer: str,
        language: str = "en",
        operation: str | None = None,
    ) -> Any:
        """Let both sides answer; fail where they differ. Gives the data they agree on."""
        asker = Asker(self.viewers[viewer], language)
        body = self.run(self.answer(Request(query, variables or {}, operation), asker)).body
        response = read(body)
        truth = self.oracle.answer(self.parsed(query), variables or {}, operation, asker.viewer, language)
        problems = differences(truth.data, response.get("data"))
        paths = sorted(error.get("path", []) for error in response.get("errors", []))
        # Where an error makes everything null, one is enough.
        agreed = paths == truth.paths or (truth.data is None and paths and all(path in truth.paths for path in paths))
        if not agreed:
            problems.append(f"errors at {paths} instead of {truth.paths}")
        if problems:
            asked = f"{query}\n{json.dumps(variables)} for {viewer} in {language}"
            told = json.dumps(response.get("errors"), ensure_ascii=False)
            raise AssertionError("\n".join(["the engine differs from the oracle", asked, *problems, told]))
        return truth.data

    def parsed(self, query: str) -> DocumentNode:
        """The document as the engine has it: parsing is graphql-core's own on both sides, and slow."""
        document = self.engine.documents.get(query)
        assert document.ast is not None, f"{query}\n{document.errors}"
        return document.ast

    def agree(self, written: Written) -> None:
        """Compare a document twice, for viewers that the document decides: with each of its sets of variables, or changing one.

        Where the viewer is the same and the value that changed has the same shape, the second run finds the first one's
        statement.
        """
        choose = random.Random(written.query)
        language = choose.choice(["en", "zh-CN", "fr", ""])
        viewers = choose.sample(list(self.viewers), 2)
        if choose.random() < 0.8:
            viewers[1] = viewers[0]
        first, second = written.variables
        changed = [name for name in {**first, **second} if (name in first, first.get(name)) != (name in second, second.get(name))]
        if changed and choose.random() < 0.7:
            one = choose.choice(changed)
            second = {name: value for name, value in first.items() if name != one} | ({one: second[one]} if one in second else {})
        for viewer, variables in zip(viewers, (first, second), strict=True):
            self.compare(written.query, variables, viewer=viewer, language=language, operation=written.operation)
        self.compared.add(written.query)

    def agree_on_changes(self, watched: Watched) -> None:
        """Let several viewers watch the same rows at once; each must be told what the oracle reads of them."""
        choose = random.Random(watched.subscription)
        viewers = choose.sample(list(self.viewers), 4)
        ids = [row.id for row in choose.sample(self.store.rows[watched.type], 3)]

        async def told(viewer: str) -> list[Any]:
            async def context() -> Asker:
                return Asker(self.viewers[viewer])

            async def changes(*_: object) -> AsyncIterator[list[Changed]]:
                yield [Changed(id_) for id_ in ids]

            messages = await self.engine.subscribe(Request(watched.subscription, watched.variables), context, changes)
            if isinstance(messages, Response):
                return [_message(messages.body)] * len(ids)
            return [_message(message) async for message in messages]

        async def all_told() -> list[list[Any]]:
            return await asyncio.gather(*map(told, viewers))

        for viewer, messages in zip(viewers, self.run(all_told()), strict=True):
            answers = [
                self.oracle.answer(self.parsed(watched.query), watched.variables | {"id": id_}, None, self.viewers[viewer], "en")
                for id_ in ids
            ]
            wanted = ["errors" if a.paths else a.data for a in answers if a.paths or a.data[watched.key] is not None]
            problems = differences(wanted, messages)
            if problems:
                asked = f"{watched.subscription}\n{json.dumps(watched.variables)} for {viewer}, of {ids}"
                raise AssertionError("\n".join(["the engine differs from the oracle", asked, *problems]))
        self.compared.add(watched.subscription)


def _message(body: bytes) -> Any:
    response = read(body)
    return "errors" if "errors" in response else response["data"]


def read(body: bytes) -> dict[str, Any]:
    """The JSON of a response, its numbers exact."""
    return json.loads(body, object_pairs_hook=_unrepeated, parse_float=Decimal)


def differences(theirs: Any, ours: Any) -> list[str]:
    """Where the engine's data part from the oracle's; the order of keys counts."""
    texts = [json.dumps(_numbers(value), ensure_ascii=False, indent=1).splitlines() for value in (theirs, ours)]
    return list(unified_diff(*texts, "oracle", "engine", n=3, lineterm=""))


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(pairs)) == len(pairs), f"a key is there twice: {pairs}"
    return dict(pairs)


def _numbers(value: Any) -> Any:
    match value:
        case dict():
            return {key: _numbers(inner) for key, inner in value.items()}
        case list():
            return [_numbers(inner) for inner in value]
        case bool():
            return value
        case int() | float() | Decimal():
            return f"number {Decimal(str(value)).normalize() + 0:f}"
        case _:
            return value
