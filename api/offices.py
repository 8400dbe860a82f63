"""Offices in organisations, elections, qualification papers, and handovers of mandates."""

import models
from api.read.declare import column, computed, many, node, one

_UNTIL = "The last day, or 9999-12-31 while open (有效至): who held it on a day has startsOn until it, and lastsTo from it on."


@node(models.Office, "Office (任职): what somebody is in an organisation, from when to when. It gives their account no role.")
class Office:
    kind = column("What (职务).", filter=True)
    holder = column("Name of whoever holds it (姓名).")
    starts_on = column("First day (开始日期).", filter=True, sort=True)
    ends_on = column("Last day (结束日期); null while open.")
    lasts_to = column(_UNTIL, filter=True)
    how_ended = column("How it came to its end (终止方式); null while it lasts as it was meant to.")
    end_note = column("Why it ended, in words (终止说明).")
    organisation = one("Organisation", "Organisation (组织).", filter=True)
    election = one("Election", "Election (换届) that it came from; null for one that was filled otherwise.")
    compound = one("Compound", "Compound (小区) in which it is held, where it is held in one.")
    account = one("Account", "Account (账号) of whoever holds it, if it is known. What that may do follows from its roles alone.")


@node(models.Election, "Election (换届) of an organisation, and the term that it began. No two terms of one overlap.")
class Election:
    held_on = column("When it was held (选举日期).")
    term_starts_on = column("First day of the term (任期开始).", sort=True)
    term_ends_on = column("Last day of the term (任期届满).", filter=True)
    organisation = one("Organisation", "Organisation (组织).", filter=True)
    offices = many("Office", "Who was elected to what (当选任职).", by="election_id", sort="starts_on")


@node(models.Paper, "Qualification paper (资质) of an organisation.")
class Paper:
    kind = column("Kind (类别).", filter=True)
    number = column("Number (编号).")
    issuer = column("Who issued it (发证机关).")
    valid_from = column("First day on which it holds (有效期起).")
    valid_to = column("Last day on which it holds (有效期止); null: for good.", filter=True, sort=True)
    withdrawn_at = column("When it was withdrawn (注销时间).")
    expired = computed(bool, "coalesce({row}.valid_to < current_date, false)", "Whether it has run out (是否过期).")
    organisation = one("Organisation", "Organisation (组织).", filter=True)
    files = many("File", "Scans of it (附件).", by="subject_id", sort="uploaded_at")


@node(models.MandateHandover, "Handover (交接) of a mandate from who leaves to who comes, signed by both.")
class MandateHandover:
    handed_over_on = column("Day (交接日期).", sort=True)
    handed = column("Names of HandoverItem (已移交): what was handed over.")
    missing = column("Names of HandoverItem (未移交): what was expected and was not.")
    open_points = column("What is left to be settled (遗留问题).")
    from_signed_at = column("When whoever leaves signed (移交方签字时间).")
    to_signed_at = column("When whoever comes signed (接收方签字时间).")
    mandate = one("Mandate", "The mandate that was handed over (服务与治理关系).")
    from_organisation = one("Organisation", "Who leaves (移交方).")
    to_organisation = one("Organisation", "Who comes (接收方).")
    from_signed_by = one("Account", "Who signed for whoever leaves (移交方签字人).")
    to_signed_by = one("Account", "Who signed for whoever comes (接收方签字人).")
    compound = one("Compound", "Compound (小区).", filter=True)
