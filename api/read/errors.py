"""The engine's errors, each with a code that clients can rely on."""

import re

from graphql import GraphQLError


class Unproven(Exception):
    """The request was not answered: its viewer is no longer who they were, or must be looked up for what it asks."""


def refuse(code: str, message: str, **extensions: object) -> GraphQLError:
    """An error for the client: what is wrong and what to do, with ``extensions.code``."""
    return GraphQLError(message, extensions={"code": code, **extensions})


def blame(error: GraphQLError, code: str) -> GraphQLError:
    """An error that graphql-core found in what the client sent, at its place; long values in it are cut."""
    message = error.message if len(error.message) <= _LONGEST else f"{error.message[:_LONGEST]}…"
    return GraphQLError(message, error.nodes, extensions={"code": code, **(error.extensions or {})})


_LONGEST = 1_000

#: How graphql-core quotes what was sent, always at the end but for values of enums.
_QUOTED = (
    (re.compile(r"(?:[,;] found|(?<=\?) Found|(?<=\.) Found): .*", re.DOTALL), "."),
    (re.compile(r"( cannot represent [a-z0-9 -]*value): .*", re.DOTALL), r"\1."),
    (re.compile(r"\bValue '.*' does not exist in ", re.DOTALL), "This value does not exist in "),
    (re.compile(r"\b((?:found|Unexpected) (?:String|BlockString|Int|Float)) .*", re.DOTALL), r"\1."),
)


def unquoted(message: str) -> str:
    """What is wrong, without the value that was sent: it may be a password or a telephone number, and errors are kept."""
    for pattern, instead in _QUOTED:
        message = pattern.sub(instead, message)
    return message


#: Every code the engine answers with, and when.
CODES = {
    "GRAPHQL_PARSE_FAILED": "The document is not GraphQL.",
    "GRAPHQL_VALIDATION_FAILED": "The document does not fit the schema.",
    "BAD_USER_INPUT": "A variable or argument has a wrong value.",
    "OPERATION_NOT_FOUND": "The document has no such operation, or several and none is named.",
    "BAD_CURSOR": "A cursor is not one of ours, or is of another order.",
    "DOCUMENT_TOO_LARGE": "The document has too many bytes.",
    "TOO_MANY_TOKENS": "The document has too many words and signs, or comments.",
    "TOO_DEEP": "The document is nested too deeply.",
    "TOO_MANY_ALIASES": "The document has too many aliases.",
    "TOO_MANY_DIRECTIVES": "The document uses directives too often.",
    "TOO_MANY_ROOT_FIELDS": "The document's operations have too many root fields.",
    "TOO_MANY_FIELDS": "The document asks for too many fields, fragments written out.",
    "TOO_COMPLEX": "The document asks for the same fields too often in one place.",
    "TOO_MANY_VALUES": "The variables have too many values.",
    "TOO_COSTLY": "The operation could read more rows than its viewer may; `cost` and `budget` say how many.",
    "RESPONSE_TOO_LARGE": "The answer has too many bytes.",
    "INTROSPECTION_DISABLED": "The viewer is not shown the schema.",
    "UNAVAILABLE": "The database does not answer or was too slow; try again.",
    "INTERNAL": "A fault of ours; the id names the log entry.",
}
