"""What many complain of at once."""

import models
from api.read.declare import column, node, one


@node(models.ComplaintCluster, "Complaints of one class from several homes of a compound (同类投诉); nobody is named.")
class ComplaintCluster:
    category = column("What they are about (问题类别).")
    found_at = column("When several homes were first found to complain of it (首次发现时间).")
    compound = one("Compound", "Compound (小区).")
