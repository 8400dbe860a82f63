"""The schema: every declared type and the three roots."""

import strawberry
from graphql import GraphQLSchema, print_schema
from strawberry.schema.config import StrawberryConfig

from api import (
    accounts,
    alerts,
    arrears,
    bill_runs,
    bills,
    budgets,
    complaints,
    deadlines,
    duty,
    event_log,
    expenses,
    facilities,
    facts,
    fees,
    figures,
    files,
    fire_drills,
    fire_pacts,
    hazards,
    jobs,
    joint_offices,
    ledger,
    notices,
    offices,
    organisations,
    passes,
    payments,
    posts,
    rounds,
    sheets,
    statements,
    stations,
    territory,
    tickets,
    upkeep,
)
from api.mutations import Mutation
from api.queries import Query
from api.read.types import declared_types
from api.scalars import SCALARS
from api.subscriptions import Subscription

NOUNS = (
    territory,
    organisations,
    offices,
    accounts,
    facilities,
    event_log,
    alerts,
    tickets,
    complaints,
    deadlines,
    files,
    sheets,
    jobs,
    notices,
    duty,
    stations,
    joint_offices,
    figures,
    upkeep,
    hazards,
    rounds,
    posts,
    passes,
    fire_drills,
    fire_pacts,
    ledger,
    fees,
    bill_runs,
    bills,
    expenses,
    arrears,
    budgets,
    statements,
    facts,
    payments,
)


def build() -> GraphQLSchema:
    """The executable schema."""
    schema = strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=declared_types(),
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    return schema._schema  # pyright: ignore[reportPrivateUsage]


SCHEMA = build()


def sdl() -> str:
    """The schema in SDL, as ``schema.graphql`` holds it."""
    return print_schema(SCHEMA) + "\n"
