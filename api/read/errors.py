"""The engine's errors, each with a code that clients can rely on."""

from graphql import GraphQLError


def refuse(code: str, message: str, **extensions: object) -> GraphQLError:
    """An error for the client: what is wrong and what to do, with ``extensions.code``."""
    return GraphQLError(message, extensions={"code": code, **extensions})


#: Every code the engine answers with, and when.
CODES = {
    "GRAPHQL_PARSE_FAILED": "The document is not GraphQL.",
    "GRAPHQL_VALIDATION_FAILED": "The document does not fit the schema.",
    "BAD_USER_INPUT": "A variable or argument has a wrong value.",
    "OPERATION_NOT_FOUND": "The document has no such operation, or several and none is named.",
    "BAD_CURSOR": "A cursor is not one of ours, or is of another order.",
    "TOO_COMPLEX": "The document is too deep or too long.",
    "UNAVAILABLE": "The database does not answer or was too slow; try again.",
    "INTERNAL": "A fault of ours; the id names the log entry.",
}
