"""Accounts, as far as others may know of them."""

import models
from api.read.declare import column, node, one


@node(models.Account, "Account (账号): somebody who can log in.")
class Account:
    login = column("Log-in name (登录名).")
    name = column("Shown name (姓名).")
    organisation = one("Organisation", "Organisation they work for (所属组织).")
