"""What a module's checks find on the clock becomes alerts, by the rules whose condition is ``Checked``.

A check tells of everything that it looked at and that may be bad; what it does not tell of is well. So an alert ends with the
first run that does not find its subject any more, and a check that fails changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from domain.alerts import Severity
from domain.alerts.conditions import Checked, Limits, Zone
from domain.steward import DEFAULTS, Rule, Rulebook
from models.alerts import Gone, Sight, Sighting, clear_gone, overrides_of, raise_once, rules_of
from models.connection import query
from models.modules import switched_off

from .telling import Teller

#: Alerts that one run raises, worsens or ends at most; the next goes on, the worst first.
_AT_ONCE = 500


@dataclass(frozen=True)
class Found:
    """What a check found: the rule's figure at one subject, which people call ``place``. ``more``: what else is worth keeping.

    ``value``: the figure, or how it follows from the figures of the rule that hold there (of a window, for one).
    """

    subject_id: str
    value: float | Callable[[Limits], float]
    place: str
    compound_id: str
    street_id: str
    facility_id: str | None = None
    device_id: str | None = None
    more: Mapping[str, Any] | None = None

    @property
    def owners(self) -> tuple[str, ...]:
        """Whose figures count, the nearest last."""
        return tuple(each for each in (self.street_id, self.compound_id, self.facility_id, self.device_id) if each)


_STANDING = """
SELECT subject_id, severity FROM alert WHERE rule = $1 AND state = 'OPEN' ORDER BY id FOR NO KEY UPDATE
"""
#: What a person has cleared is not raised again before the rule says so.
_CLEARED = """
SELECT subject_id FROM alert WHERE rule = $1 AND subject_id = ANY($2::text[]) AND cleared_by_id IS NOT NULL AND cleared_at > $3
"""


async def bring_in_line(key: str, found: Sequence[Found], now: datetime) -> Mapping[str, int]:
    """Bring the alerts of a rule in line with all that its check found, inside the check's transaction; counts what changed.

    An alert is raised for what is bad, is told again only when it grows worse, and ends when its subject is well, or the
    module is switched off there: 500 at most of each, the rest with the next runs.
    """
    books = await rules_of({each.street_id for each in found})
    standing = {row["subject_id"]: Severity(row["severity"]) for row in await query(_STANDING, key)}
    overrides = await overrides_of([key], {owner for each in found for owner in each.owners}, books)
    off = await switched_off(each.compound_id for each in found)
    judged = [
        _Judged(each, rule, _limits(rule, each, overrides))
        for each in found
        if (rule := books[each.street_id].rules[key]).about_life or rule.module not in off.get(each.compound_id, ())
    ]
    bad = [each for each in judged if each.zone is Zone.BAD]
    past = {
        row["subject_id"]
        for row in await query(_CLEARED, key, [each.found.subject_id for each in bad], now - DEFAULTS.rules[key].again_after)
    }
    new = [each for each in bad if each.worsens(standing) or each.found.subject_id not in {*standing, *past}]
    ill = {each.found.subject_id for each in judged if each.zone is not Zone.GOOD}
    new = sorted(new, key=lambda each: each.severity.rank)[:_AT_ONCE]
    over = [Gone(key, subject_id, now, {"time": now.isoformat()}) for subject_id in standing if subject_id not in ill][:_AT_ONCE]
    teller = _teller(key, judged, books)
    await teller.follow_up(await raise_once(teller.actor, [each.sighting(now) for each in new]))
    await teller.follow_up(await clear_gone(teller.actor, over))
    return {"raised": len(new), "over": len(over)}


def _limits(rule: Rule, found: Found, overrides: Mapping[tuple[str, str], Mapping[str, float]]) -> Limits:
    return rule.limits(None, *(overrides.get((rule.key, owner), {}) for owner in found.owners))


def _teller(key: str, judged: Sequence["_Judged"], books: Mapping[str, Rulebook]) -> Teller:
    module = DEFAULTS.modules[DEFAULTS.rules[key].module]
    return Teller(module, {each.found.subject_id: each.found.place for each in judged}, books)


@dataclass(frozen=True)
class _Judged:
    found: Found
    rule: Rule
    limits: Limits

    @cached_property
    def value(self) -> float:
        value = self.found.value
        return value(self.limits) if callable(value) else value

    @property
    def zone(self) -> Zone:
        condition = self.rule.condition
        assert isinstance(condition, Checked), self.rule.key
        return condition.level.zone(self.value, self.limits)

    @property
    def severity(self) -> Severity:
        return self.rule.severity_of(self.value, self.limits)

    def worsens(self, standing: Mapping[str, Severity]) -> bool:
        """Whether its alert is open, and milder."""
        known = standing.get(self.found.subject_id)
        return known is not None and self.severity.worse_than(known)

    def sighting(self, now: datetime) -> Sighting:
        found, rule = self.found, self.rule
        reading = {"value": self.value, "time": now.isoformat(), **(found.more or {})}
        return Sighting(
            rule=rule.key,
            rule_version=rule.version,
            module=rule.module,
            subject_id=found.subject_id,
            device_id=found.device_id,
            facility_id=found.facility_id,
            compound_id=found.compound_id,
            street_id=found.street_id,
            message=rule.say(found.place, self.value, self.limits),
            sights=(Sight(now, self.severity, reading),),
        )
