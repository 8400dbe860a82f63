"""Staffed posts, and who stands there."""

import models
from api.read.declare import column, computed, many, node, one
from domain.posts import LONGEST_STINT

#: models/posts/staffing.py for one row at this moment.
_THERE = f"""(SELECT count(*) FROM post_stint there WHERE there.post_id = {{row}}.id AND there.ended_at IS NULL
    AND there.began_at > now() - interval '{LONGEST_STINT.total_seconds():.0f} seconds'
    AND (NOT {{row}}.certified OR there.certificate_until >= current_date))"""


@node(models.Post, "Staffed post (值守岗位) of a compound: a fire control room or a guard post.")
class Post:
    kind = column("Kind (类别).", filter=True)
    name = column("Name (名称).")
    opens = column('From when it is staffed every day (值守开始时间), such as "08:00"; null: round the clock.')
    closes = column("Until when (值守结束时间), perhaps after midnight; null: round the clock.")
    least_staff = column("How many must be there (最少在岗人数).")
    certified = column("Whether only those count who hold a certificate (是否须持证).")
    opened_at = column("When it was added (设立时间).", sort=True)
    ended_at = column("When it was ended (撤销时间).")
    short_since = column(
        "Since when there are too few (缺岗起始时间); null: there are enough, or nobody need be there.", filter=True
    )
    version = column("Version, for expectedVersion.")
    on_now = computed(int, _THERE, "How many are there now and count (当前在岗人数).")
    compound = one("Compound", "Compound (小区).", filter=True)
    stints = many("PostStint", "Who was there when (值守记录), the newest first.", by="post_id", sort="-began_at")
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.PostStint, "Stint (值守): somebody's time at a post. Nobody is at two posts at once.")
class PostStint:
    began_at = column("When it began (开始时间).", sort=True)
    ended_at = column("When it ended (结束时间), not included; null: they are there.", filter=True)
    lapsed = column("Whether nobody ended it and the clock did, after 24 hours (是否超时自动结束).")
    certificate_until = column("They hold a certificate, valid until this day (证书有效期); null: none is known.")
    note = column("What was handed over in words (交班说明).")
    post = one("Post", "Post (岗位).", filter=True)
    account = one("Account", "Who stands there (值守人员), where the viewer may know.")
    compound = one("Compound", "Compound (小区).", filter=True)
