"""Accounts, as far as others may know of them."""

import models
from api.enums import graphql_enum
from api.read.declare import column, many, node, one
from domain.access import Role
from domain.accounts import AccountKind
from domain.events import EventDoor

graphql_enum(AccountKind)
graphql_enum(EventDoor)
graphql_enum(Role)


@node(models.Account, "Account (账号): somebody who can log in.")
class Account:
    login = column("Log-in name (登录名).")
    name = column("Shown name (姓名).")
    phone = column("Telephone number (电话), masked; `unmask` tells the whole of it.", name="phone_masked")
    kind = column("Whether a person or a machine (类别).")
    disabled_at = column("When it was closed (停用时间), null while open.")
    organisation = one("Organisation", "Organisation they work for (所属组织).")
    roles = many("RoleBinding", "Roles (任职), past and future ones too.", by="account_id", sort="starts_on")
    tokens = many("ApiToken", "API tokens (令牌) of a service account.", by="account_id", sort="created_at")


@node(models.RoleBinding, "Role (任职) that an account holds over a place, organisation, compound or home.")
class RoleBinding:
    role = column("Role (角色).")
    starts_on = column("First day (开始日期).", sort=True)
    ends_on = column("Last day (结束日期), null while open.")
    account = one("Account", "Who holds it (账号).")
    place = one("Place", "Place (地域) it is held over.")
    organisation = one("Organisation", "Organisation (组织) it is held over.")
    compound = one("Compound", "Compound (小区) it is held over.")
    home = one("Home", "Home (房屋) it is held over.")


@node(models.Invitation, "Invitation (邀请) of a resident to a home. Its code is told once, when it is made.")
class Invitation:
    created_at = column("When it was made (创建时间).", sort=True)
    expires_at = column("When its code ends (到期时间).")
    used_at = column("When somebody registered with it (使用时间), null until then.")
    home = one("Home", "Home (房屋).", filter=True)
    invited_by = one("Account", "Who invited (邀请人), where the viewer may know.")


@node(models.ApiToken, "API token (令牌) of a service account; its secret is shown once, when it is made.")
class ApiToken:
    hint = column("Its last four characters (末四位).")
    scope = column("What it is good for (权限).")
    created_at = column("When it was made (创建时间).", sort=True)
    expires_at = column("When it ends (到期时间).")
    revoked_at = column("When it was closed (吊销时间), null while open.")
    last_used_at = column("When it was last used (最近使用时间), to the minute.")
    account = one("Account", "Service account (服务账号) it speaks for.", filter=True)


@node(models.IntakeKey, "Intake key (接入密钥): with one, an organisation's machines bring events; its secret is shown once.")
class IntakeKey:
    hint = column("Its last four characters (末四位); empty for the broker.")
    door = column("Door (接入方式) that it opens.")
    source_prefix = column("What an event's source must begin with (来源前缀); null lets any through.")
    created_at = column("When it was made (创建时间).", sort=True)
    expires_at = column("When it ends (到期时间); null: never.")
    revoked_at = column("When it was closed (吊销时间), null while open.")
    last_used_at = column("When it was last used (最近使用时间), to the minute.")
    organisation = one("Organisation", "Organisation (组织) it speaks for.", filter=True)
