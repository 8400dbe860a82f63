"""Who ran a compound from when to when."""

import models
from api.read.declare import column, node, one


@node(models.GovernanceTerm, "Term of a governance mode (管理模式时段): a compound run in one way, from when to when.")
class GovernanceTerm:
    mode = column("Who ran it (管理模式).", filter=True)
    starts_on = column("First day (开始日期); null: since before it was recorded.", sort=True)
    ends_on = column("Last day (结束日期), null while it holds.", filter=True)
    basis = column("The decision it rests on (依据); may be empty.")
    compound = one("Compound", "Compound (小区).", filter=True)
