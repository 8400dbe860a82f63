"""``docs/notice-types.md``: everything that is told, and what it carries."""

from domain.notices import EVENT_TYPES
from domain.notices.events import EventType

_HEAD = """# Everything that is told

What comes by webhook, into inboxes and through every other channel, by its type. A type keeps its meaning; what is told
otherwise gets a new number at the end. A channel asks for types by name with `channelSet`. Written by
`python -m steward.checks --write` from `domain/notices/events.py`; how webhooks come: [webhooks.md](webhooks.md).

What is told carries ids, words and times, never anything about a person: ask for that by id, with your own rights. Times are in
RFC 3339, sentences are by language (`en`, `zh-CN`). What is listed is there, and nothing else; it is null where
nothing is known, and an object as a whole where there is none. `[]`: each of a list; no template can name what is in one.
"""


def notices_page() -> str:
    """The page."""
    return "\n".join([_HEAD, *(line for name, type_ in EVENT_TYPES.items() for line in _type(name, type_))])


def _type(name: str, type_: EventType) -> list[str]:
    asked = [] if type_.asked else ["It cannot be asked for by name, nor left out."]
    machines = ["People are told of it only where they asked for it by name."] if type_.machines else []
    fields = [f"| `{field}` | {what.en} | {what.zh} |" for field, what in type_.fields.items()]
    table = ["", "| field of `data` | | |", "|---|---|---|", *fields] if fields else []
    return [f"## `{name}`", "", " ".join([type_.name.en, type_.name.zh, *machines, *asked]), *table, ""]
