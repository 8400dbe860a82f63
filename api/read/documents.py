"""Documents: parsed and validated once per text, kept with what was compiled for them, within bounds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OverlappingFieldsCanBeMergedRule,
    Token,
    ValidationContext,
    parse,
    specified_rules,
    type_from_ast,  # pyright: ignore[reportUnknownVariableType]
    validate,
)

from .errors import blame, refuse
from .limits import check_shape, check_text, too_much

if TYPE_CHECKING:
    from settings import Settings

V = TypeVar("V")

_MAX_ERRORS = 20
#: Memory of a parsed document, in bytes: whatever it holds, for each token, for each character. Measured.
_DOCUMENT, _TOKEN, _CHARACTER = 6_000, 450, 4


@dataclass
class Lookups:
    """How often something was found among what is kept, and how often it had to be made."""

    hits: int = 0
    misses: int = 0


@dataclass(eq=False)
class Document:
    """A parsed document; ``errors`` is empty when it is valid.

    ``variables``: names and types, by operation. ``made`` holds what was compiled for it. ``weight``: memory in bytes, about.
    """

    text: str
    ast: DocumentNode | None
    errors: list[GraphQLError]
    operations: dict[str, OperationDefinitionNode] = field(default_factory=dict[str, OperationDefinitionNode])
    fragments: dict[str, FragmentDefinitionNode] = field(default_factory=dict[str, FragmentDefinitionNode])
    variables: dict[str, list[tuple[str, Any]]] = field(default_factory=dict[str, list[tuple[str, Any]]])
    made: dict[Hashable, Any] = field(default_factory=dict[Hashable, Any])
    weight: int = 0

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation to run; raises OPERATION_NOT_FOUND."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if name is not None and name in self.operations:
            return self.operations[name]
        known = ", ".join(sorted(self.operations)) or "none"
        raise refuse("OPERATION_NOT_FOUND", f"Name one of the document's operations in operationName: {known}.")

    @property
    def bare_weight(self) -> int:
        """Its weight before anything was compiled for it."""
        tokens = sum(1 for _ in _tokens(self.ast)) if self.ast is not None else 0
        return _DOCUMENT + _CHARACTER * len(self.text) + _TOKEN * tokens


class Documents:
    """The most recently used documents, bounded by number and by bytes.

    Whatever is compiled for a document is kept with it and goes with it, so that one bound holds for all.
    """

    def __init__(self, schema: GraphQLSchema, settings: Settings) -> None:
        self._schema = schema
        self._settings = settings
        self._kept: OrderedDict[str, Document] = OrderedDict()
        metered = _metered(settings.graphql_comparisons)
        self._rules = [metered if rule is OverlappingFieldsCanBeMergedRule else rule for rule in specified_rules]
        self.lookups = Lookups()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, text: str) -> Document:
        """The document of ``text``, read now or before. Refuses a text that is too long."""
        limit = self._settings.graphql_document_bytes
        if len(text) > limit or (not text.isascii() and len(text.encode()) > limit):
            raise too_much("DOCUMENT_TOO_LARGE", limit, "A document may have {limit} bytes; send values as variables.")
        found = self._kept.get(text)
        if found is not None:
            self.lookups.hits += 1
            self._kept.move_to_end(text)
            return found
        self.lookups.misses += 1
        document = self._kept[text] = self._read(text)
        self._grow(document, document.bare_weight)
        return document

    def made(self, document: Document, key: Hashable, make: Callable[[], V], weigh: Callable[[V], int], lookups: Lookups) -> V:
        """What was made for ``document`` under ``key``, or is made now; an exception of ``make`` is not kept."""
        found = document.made.get(key)
        if found is not None:
            lookups.hits += 1
            return cast("V", found)
        lookups.misses += 1
        value = make()
        if document.weight > self._settings.graphql_cache_bytes // 8:
            document.made.clear()
            self._grow(document, document.bare_weight - document.weight)
        document.made[key] = value
        self._grow(document, weigh(value))
        return value

    def _grow(self, document: Document, weight: int) -> None:
        document.weight += weight
        if self._kept.get(document.text) is not document:
            return
        self.bytes += weight
        while len(self._kept) > self._settings.graphql_cache_documents or self.bytes > self._settings.graphql_cache_bytes:
            self.bytes -= self._kept.popitem(last=False)[1].weight

    def _read(self, text: str) -> Document:
        """Parse, measure and validate ``text``, in this order: each step bounds the time of the next."""
        tokens = self._settings.graphql_tokens
        try:
            ast = parse(text, max_lexical_tokens=tokens, max_comments=tokens)
            check_shape(ast, self._settings)
            if "\\u" in text or "\0" in text:
                for token in _tokens(ast):
                    check_text(token.value or "")
        except GraphQLSyntaxError as error:
            return Document(text, None, [_syntax_error(error, tokens)])
        except GraphQLError as error:
            return Document(text, None, [error])
        except RecursionError:
            return Document(text, None, [refuse("TOO_DEEP", "The document is nested too deeply.")])
        errors = [blame(e, "GRAPHQL_VALIDATION_FAILED") for e in validate(self._schema, ast, self._rules, _MAX_ERRORS)]
        if errors and errors[-1].message == "Validation aborted.":
            errors = [refuse("TOO_COMPLEX", "The same fields are asked for too often in one place; ask for each once.")]
        operations = {(d.name.value if d.name else ""): d for d in ast.definitions if isinstance(d, OperationDefinitionNode)}
        fragments = {d.name.value: d for d in ast.definitions if isinstance(d, FragmentDefinitionNode)}
        variables = {name: self._variables(d) for name, d in operations.items()} if not errors else {}
        return Document(text, ast, errors, operations, fragments, variables)

    def _variables(self, operation: OperationDefinitionNode) -> list[tuple[str, Any]]:
        return [(d.variable.name.value, type_from_ast(self._schema, d.type)) for d in operation.variable_definitions or ()]


def _tokens(ast: DocumentNode) -> Iterator[Token]:
    token = ast.loc.start_token if ast.loc is not None else None
    while token is not None:
        yield token
        token = token.next


def _syntax_error(error: GraphQLSyntaxError, tokens: int) -> GraphQLError:
    """The parser's error with its code; where the parser gave up, a limit was passed."""
    if error.message.startswith("Syntax Error: Document contains"):
        return too_much("TOO_MANY_TOKENS", tokens, "A document may have {limit} words and signs, and as many comments.")
    if error.message.startswith("Syntax Error: Document is nested"):
        return refuse("TOO_DEEP", "The document is nested too deeply.")
    error.extensions = {"code": "GRAPHQL_PARSE_FAILED"}
    return error


def _metered(comparisons: int) -> type[OverlappingFieldsCanBeMergedRule]:
    """The rule whose time is not linear, giving up after as many comparisons."""

    class Metered(OverlappingFieldsCanBeMergedRule):
        def __init__(self, context: ValidationContext) -> None:
            super().__init__(context)
            self.rule_context.remaining_complexity_budget = comparisons

    return Metered
