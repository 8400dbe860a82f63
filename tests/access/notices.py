"""What people have of their own to be told by, and the words that streets wrote."""

from __future__ import annotations

from typing import Any

import models
from domain.alerts import Severity
from domain.notices import ChannelKind, Language, NoticeState
from domain.notices.delivery import Outcome

from .story import Told, a_moment, plant, planted
from .world import Ground


class Notices(Ground):
    """Builds channels and notices of persons, and templates; those of organisations are in ``things.py``."""

    async def own_channels(self) -> None:
        """A channel of their own for some people, with two notices, one of them told in the other."""
        for name, kind in (
            ("fitter of Evergreen", ChannelKind.LIVE),
            ("resident of 101", ChannelKind.SMS),
            ("auditor", ChannelKind.MAIL),
            ("administrator", ChannelKind.LIVE),
        ):
            account = self.stored[name]
            own = {"account_id": account.id, "street_id": account.street_id}
            wishes = {"digest_at": "09:30", "quiet_from": "22:00", "quiet_to": "07:00", "types": [f"~{plant()}~"]}
            columns = {"kind": kind, "target": f"~{plant()}~".encode(), "compound_ids": [f"~{plant()}~"], **wishes, **own}
            channel = await models.Channel.create(**planted(models.Channel, columns))
            self.keep(f"channel of {name}", channel, "", person=name, links={"account": self.told[name], "organisation": None})
            digest: Told | None = None
            for state in (NoticeState.SENT, NoticeState.GATHERED):
                columns = {
                    **self.words(),
                    "state": state,
                    "severity": self.of(Severity),
                    "channel_id": channel.id,
                    "compound_id": self.stored["K"].id,
                    "digest_id": digest and digest.id,
                    "read_at": a_moment(),
                    "due_at": a_moment(),
                    **({} if state is NoticeState.SENT else {"sent_at": None}),
                    **own,
                }
                notice = await models.Notice.create(**planted(models.Notice, columns))
                links = {"channel": self.told[f"channel of {name}"], "compound": self.told["K"], "digest": digest}
                links |= {"alert": None, "ticket": None}
                self.keep(f"notice {notice.id}", notice, "", person=name, links=links)
                columns = {"outcome": self.of(Outcome), "notice_id": notice.id, **own}
                attempt = await models.NoticeAttempt.create(**planted(models.NoticeAttempt, columns))
                self.keep(f"attempt {attempt.id}", attempt, "", person=name, links={"notice": self.told[f"notice {notice.id}"]})
                digest = self.told[f"notice {notice.id}"]

    def words(self) -> dict[str, Any]:
        """The words of a notice."""
        return {part: {"en": f"~{plant()}~", "zh-CN": f"~{plant()}~"} for part in ("title", "body")}

    async def templates(self) -> None:
        """Words that the streets wrote themselves."""
        for street in ("north", "south"):
            for language in Language:
                columns = {"language": language, "street_id": self.stored[street].id}
                template = await models.NoticeTemplate.create(**planted(models.NoticeTemplate, columns))
                self.keep(f"template {template.id}", template, street, links={"street": self.told[street]})
