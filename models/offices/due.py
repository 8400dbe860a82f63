"""Terms that end soon, said once."""

from datetime import datetime, timedelta

from domain.notices import TERM_ENDING, Announcement
from domain.words import Text
from models.calendar import zone
from models.notices import announce
from models.organisations import Organisation
from models.organisations.around import offices_around

from .rows import Election

#: Terms of which one run tells.
_MOST = 200


async def warn_of_terms(now: datetime, days: int) -> int:
    """Say of every term that ends within so many days that it does, once; how many. Call it inside a transaction."""
    day = now.astimezone(zone()).date()
    soon = Election.filter(warned_at=None, term_ends_on__gte=day, term_ends_on__lte=day + timedelta(days=days))
    elections = await soon.filter(organisation__ended_on=None).order_by("term_ends_on", "id").limit(_MOST)
    for election in elections:
        body = await Organisation.get(id=election.organisation_id)
        last = election.term_ends_on.isoformat()
        await announce(
            Announcement(
                type=TERM_ENDING,
                topic=f"{election.id} term ends",
                data={
                    "message": Text(f"The term of {body.name} ends on {last}.", f"{body.name}本届任期将于 {last} 届满。").both(),
                    "organisation": {"id": body.id, "code": body.code, "name": body.name},
                    "endsOn": last,
                },
                street_id=body.street_id,
                compound_id=None,
                organisations=await offices_around(body),
            )
        )
        election.warned_at = now
        await election.save(update_fields=["warned_at"])
    return len(elections)
