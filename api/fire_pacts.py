"""Fire pacts, and who keeps a compound's fire safety."""

from datetime import date
from typing import Annotated, Any

import strawberry

import models
from api.context import Context
from api.enums import graphql_enum
from api.read.declare import column, many, node, one
from domain.fire_pacts import FireKeeperBasis
from domain.refusals import Refused
from models.fire_pacts import keeper_of
from models.permits import found

graphql_enum(FireKeeperBasis)


@node(models.FirePact, "Fire pact (消防公约) of a compound with its community, which keeps its fire safety by it.")
class FirePact:
    signed_on = column("From when on it holds (签订日期).", sort=True)
    ends_on = column("Last day (结束日期), null while open.", filter=True)
    duties = column("What people do by it (约定事项): PATROL, WAYS_CLEAR, EQUIPMENT, EBIKES, HELP, DRILLS.")
    homes_joined = column("How many homes joined (参加户数); which, is not kept.")
    version = column("Version, for expectedVersion.")
    organisation = one("Organisation", "The community's office (社区).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@strawberry.type(description="Who keeps a compound's fire safety (消防安全责任单位).")
class FireKeeper:
    organisation_id: strawberry.ID = strawberry.field(description="Organisation (单位): ask `node` for more of it.")
    name: str = strawberry.field(description="Its name (名称).")
    basis: FireKeeperBasis = strawberry.field(description="On what ground (依据).")
    since: date = strawberry.field(description="Since when (起始日期).")


async def _fire_keeper(
    info: strawberry.Info[Context, Any],
    compound_id: Annotated[strawberry.ID, strawberry.argument(description="Compound (小区).")],
) -> FireKeeper | None:
    try:
        compound = await found(models.Compound, compound_id, info.context.viewer)
    except Refused:
        return None
    kept = await keeper_of(compound.id)
    return kept and FireKeeper(
        organisation_id=strawberry.ID(kept.organisation_id), name=kept.name, basis=kept.basis, since=kept.since
    )


fire_keeper = strawberry.field(
    _fire_keeper,
    description="Who keeps a compound's fire safety today (消防安全责任单位): the company that serves it, else its community by a"
    " fire pact; null: nobody, or no compound that the viewer sees.",
)
