"""Facts: what was done to a thing, by whom, as far as the viewer may know."""

import models
from api.enums import graphql_enum
from api.read.declare import column, computed, localised, node, one, one_of
from domain.audit import Door
from domain.sentences import SHOWN

graphql_enum(Door)

_SHOWN = ", ".join(f"'{name}'" for name in SHOWN)


def _shown(name: str) -> str:
    """SQL for those entries of a fact's JSON column that everybody may see who sees the fact."""
    entries = f"jsonb_each({{row}}.{name}) AS entry WHERE entry.key IN ({_SHOWN})"
    return f"(SELECT coalesce(jsonb_object_agg(entry.key, entry.value), '{{{{}}}}') FROM {entries})"


@node(models.Fact, "Fact (记录): something that was done. Facts are never changed and never deleted.")
class Fact:
    at = column("When (时间).", sort=True)
    action = column("What was done (操作), named like the mutation.")
    words = localised("The same in a sentence (说明), in the language of the request; who did it is told by the role.")
    subject = one_of(description="What it was done to (对象); null where that is gone, or the viewer may not see it.")
    actor = one("Account", "Who did it (操作人), where it was a person whom the viewer may know.", key="actor")
    role = column("Role under which it was done (角色); null where the system did it.")
    door = column("Which way it came in (途径).")
    before = computed(dict, _shown("before"), "What was so before (变更前): state, times, status; nothing personal.")
    after = computed(dict, _shown("after"), "What is so after it (变更后); the same.")
