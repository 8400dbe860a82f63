"""How often something is due: rules of the calendar, exact on leap days and at the ends of months."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .words import CadenceMeasure

_M = CadenceMeasure

#: No plan looks further ahead than ten years; no facility is older than a hundred.
DAYS_MAX, MONTHS_MAX, YEARS_MAX = 3_660, 120, 100
#: How long before an anniversary what is done counts for it: inspections are applied for a month ahead.
EARLY = 3


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months later (earlier: negative); the last one where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Cadence:
    """A rule of the calendar.

    ``every``: with DAYS and MONTHS how many; with ANNIVERSARIES every how many years after the last number, 0 for never again.
    ``numbers``: with WEEKDAYS 1 to 7, with MONTH_DAYS 1 to 31, with ANNIVERSARIES years. ``months``: with MONTH_DAYS, of which
    months (1 to 12); none: of all.
    """

    measure: CadenceMeasure
    every: int = 0
    numbers: tuple[int, ...] = ()
    months: tuple[int, ...] = ()

    @property
    def fixed(self) -> bool:
        """Whether its days stand in the calendar, however early or late the work was done."""
        return self.measure in {_M.WEEKDAYS, _M.MONTH_DAYS}

    @property
    def by_use(self) -> bool:
        """Whether its days follow from when the facility was first used."""
        return self.measure is _M.ANNIVERSARIES

    def after(self, day: date, used_since: date | None = None) -> date | None:
        """When it is due after it was done for ``day``; None: never again. ANNIVERSARIES count from ``used_since``."""
        match self.measure:
            case _M.DAYS:
                return day + timedelta(days=self.every)
            case _M.MONTHS:
                return months_later(day, self.every)
            case _M.WEEKDAYS:
                return min(day + timedelta(days=(number - day.isoweekday() - 1) % 7 + 1) for number in self.numbers)
            case _M.MONTH_DAYS:
                return self._month_day_after(day)
            case _M.ANNIVERSARIES:
                return self.anniversary(months_later(day, EARLY), used_since) if used_since else None

    def first(self, since: date, used_since: date | None = None) -> date | None:
        """When it is due of which nothing is on record since a day. What comes once in a facility's life stays due until then."""
        if not self.by_use or used_since is None:
            return self.after(since, used_since)
        once = months_later(used_since, 12 * self.numbers[0]) if len(self.numbers) == 1 and not self.every else None
        return once or self.anniversary(since, used_since)

    def _month_day_after(self, day: date) -> date:
        first = date(day.year, day.month, 1)
        for ahead in range(13):
            month = months_later(first, ahead)
            if self.months and month.month not in self.months:
                continue
            last = monthrange(month.year, month.month)[1]
            for number in sorted(self.numbers):
                if (found := month.replace(day=min(number, last))) > day:
                    return found
        raise AssertionError("a month comes again within a year")

    def anniversary(self, day: date, used_since: date) -> date | None:
        """The first anniversary after ``day``; None: there is none any more."""
        for years in sorted(self.numbers):
            if (found := months_later(used_since, 12 * years)) > day:
                return found
        if not self.every:
            return None
        past = day.year - used_since.year - max(self.numbers, default=0)
        rounds = max(1, past // self.every)
        while (found := months_later(used_since, 12 * (max(self.numbers, default=0) + rounds * self.every))) <= day:
            rounds += 1
        return found

    @property
    def words(self) -> Text:
        """How often, for people."""
        numbers, chinese = ", ".join(map(str, self.numbers)), "、".join(map(str, self.numbers))
        match self.measure:
            case _M.DAYS:
                return Text(f"every {self.every} days", f"每 {self.every} 天")
            case _M.MONTHS:
                return Text(f"every {self.every} months", f"每 {self.every} 个月")
            case _M.WEEKDAYS:
                return Text(f"on days {numbers} of the week", f"每周第 {chinese} 日")
            case _M.MONTH_DAYS:
                of = f" of months {', '.join(map(str, self.months))}" if self.months else " of the month"
                months = f"{'、'.join(map(str, self.months))} 月" if self.months else "每月"
                return Text(f"on days {numbers}{of}", f"{months} {chinese} 日")
            case _M.ANNIVERSARIES:
                then = f", then every {self.every} years" if self.every else ""
                later = f"，之后每 {self.every} 年" if self.every else ""
                return Text(f"{numbers} years after first use{then}", f"投用后第 {chinese} 年{later}")


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)


_EVERY: Mapping[CadenceMeasure, tuple[int, int]] = {
    _M.DAYS: (1, DAYS_MAX),
    _M.MONTHS: (1, MONTHS_MAX),
    _M.WEEKDAYS: (0, 0),
    _M.MONTH_DAYS: (0, 0),
    _M.ANNIVERSARIES: (0, YEARS_MAX),
}
_NUMBERS: Mapping[CadenceMeasure, int] = {
    _M.DAYS: 0,
    _M.MONTHS: 0,
    _M.WEEKDAYS: 7,
    _M.MONTH_DAYS: 31,
    _M.ANNIVERSARIES: YEARS_MAX,
}


def check_cadence(cadence: Cadence) -> Cadence:
    """The cadence as it is kept: its numbers in order, each once. Refuses (INVALID) what would never come, or too often."""
    least, most = _EVERY[cadence.measure]
    if not least <= cadence.every <= most:
        raise _invalid(
            "every",
            Text(f"An interval of {cadence.every} is none.", f"间隔 {cadence.every} 无效。"),
            Text(f"With {cadence.measure}, give {least} to {most}.", f"“{cadence.measure.zh}”的间隔应为 {least} 到 {most}。"),
        )
    highest = _NUMBERS[cadence.measure]
    if bool(cadence.numbers) != bool(highest) or not all(1 <= number <= highest for number in cadence.numbers):
        raise _invalid(
            "numbers",
            Text("These days or years do not fit the measure.", "日期或年限与计量方式不符。"),
            Text(f"Give numbers of 1 to {highest}.", f"请填写 1 到 {highest} 的数字。")
            if highest
            else Text(f"{cadence.measure} has none: leave them out.", f"“{cadence.measure.zh}”不填此项。"),
        )
    if cadence.months and (cadence.measure is not _M.MONTH_DAYS or not all(1 <= month <= 12 for month in cadence.months)):
        raise _invalid(
            "months",
            Text("These months do not fit the measure.", "月份与计量方式不符。"),
            Text("Only with MONTH_DAYS: numbers of 1 to 12.", "仅“每月固定日”可填，取值 1 到 12。"),
        )
    return Cadence(cadence.measure, cadence.every, tuple(sorted(set(cadence.numbers))), tuple(sorted(set(cadence.months))))
