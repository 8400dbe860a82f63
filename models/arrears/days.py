"""The days that count for reminders: those on which people of a street work."""

from collections.abc import Callable
from datetime import date

from models.calendar import is_working_day
from models.deadlines import CalendarDay


async def works_in(street_id: str) -> Callable[[date], bool]:
    """Tells whether people work in the street on a day: by its own word, or else by the official calendar."""
    own = {row.day: row.works for row in await CalendarDay.filter(street_id=street_id)}
    return lambda day: own.get(day, is_working_day(day))
