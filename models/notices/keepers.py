"""Who keeps a channel going: those who may resume it once it is paused."""

from domain.policy import ACTS
from models.accounts import Account, RoleBinding
from models.calendar import today

from .rows import Channel


async def keepers_of(channel: Channel) -> list[str]:
    """The accounts of those who may resume the channel: of its person, or of who works for its organisation now."""
    if channel.account_id is not None:
        return [channel.account_id]
    holders = RoleBinding.filter(role__in=ACTS["channelResume"], starts_on__lte=today())
    current = await holders.filter(ends_on=None).values_list("account_id", flat=True)
    current += await holders.filter(ends_on__gte=today()).values_list("account_id", flat=True)
    working = Account.filter(organisation_id=channel.organisation_id, disabled_at=None, erased_at=None, id__in=current)
    return [str(id_) for id_ in await working.values_list("id", flat=True)]
