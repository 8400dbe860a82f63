"""Inviting residents, and registering with an invitation; the acts are in models/invitations.py."""

from datetime import datetime

import strawberry

from api.context import Context
from api.read.declare import by_id
from api.read.types import bound
from models import invitations

from .payloads import OnceInput, Payload, UserError, mutation, private_mutation


@strawberry.input(description="Where a resident is invited to.")
class ResidentInviteInput(OnceInput):
    home_id: strawberry.ID = strawberry.field(description="Home (房屋).")


@strawberry.type(description="What an invitation comes with.")
class _CodePayload(Payload):
    code: str | None = strawberry.field(
        description="Code (邀请码) for registerResident, good once; shown this once, null on a retry.", default=None
    )
    expires_at: datetime | None = strawberry.field(description="When the code ends (到期时间).", default=None)


@bound("What residentInvite answers.")
class ResidentInvitePayload(_CodePayload):
    home = by_id("Home", "subject_id", description="The home (房屋); null when refused.")


@mutation("Invite a resident (邀请居民) to a home.")
async def resident_invite(context: Context, given: ResidentInviteInput) -> ResidentInvitePayload:
    invitation, code = await invitations.invite_resident(context.viewer, given.home_id)
    return ResidentInvitePayload(subject_id=invitation.home_id, code=code, expires_at=invitation.expires_at)


@strawberry.input(description="An invitation to take back.")
class InvitationRevokeInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Invitation (邀请).")


@bound("What invitationRevoke answers.")
class InvitationRevokePayload(Payload):
    invitation = by_id("Invitation", "subject_id", description="The invitation as it is now (邀请); null when refused.")


@mutation("Take an invitation back (撤回邀请): its code is good for nothing any more.")
async def invitation_revoke(context: Context, given: InvitationRevokeInput) -> InvitationRevokePayload:
    invitation = await invitations.revoke_invitation(context.viewer, given.id)
    return InvitationRevokePayload(subject_id=invitation.id)


@strawberry.input(description="Who registers.")
class RegisterResidentInput:
    code: str = strawberry.field(description="Code (邀请码) of the invitation; small letters, spaces and hyphens do not matter.")
    login: str = strawberry.field(description="Log-in name (登录名): 3 to 40 small letters, digits, dots, hyphens, underscores.")
    password: str = strawberry.field(description="Password (密码): 12 to 256 characters, not easy to guess.")
    name: str = strawberry.field(description="Shown name (姓名), 1 to 60 characters.")
    phone: str | None = strawberry.field(description="Telephone number (电话), if you like; shown masked.", default=None)


@strawberry.type(description="What registerResident answers.")
class RegisterResidentPayload:
    done: bool = strawberry.field(description="Whether there is an account now (是否完成); log in with it.", default=False)
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty when it was done.", default_factory=list)


@private_mutation("Make your account (注册) with the code of an invitation; then log in.", anybody=True)
async def register_resident(context: Context, given: RegisterResidentInput) -> RegisterResidentPayload:
    who = (given.code, given.login, given.password, given.name, given.phone)
    await invitations.register_resident(*who, settings=context.settings, address=context.address)
    return RegisterResidentPayload(done=True)
