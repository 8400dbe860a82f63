"""The domain's vocabularies as GraphQL enums, each value described with its Chinese name."""

from functools import cache
from typing import TypeVar

import strawberry

from domain.words import Word

W = TypeVar("W", bound=Word)


@cache
def graphql_enum(word: type[W]) -> type[W]:
    """``word`` as a GraphQL enum of the same name; use the result in annotations."""
    values = {member.name: strawberry.enum_value(member.value, description=member.description) for member in word}
    strawberry.enum(word, description=(word.__doc__ or "").strip())
    for value in word.__strawberry_definition__.values:  # pyright: ignore[reportAttributeAccessIssue,reportUnknownMemberType,reportUnknownVariableType]
        value.description = values[value.name].description  # pyright: ignore[reportUnknownMemberType]
    return word
