"""What a person sees while the demo street is loaded."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from settings import Settings

from .demo.load import Progress as Report
from .demo.load import load
from .demo.size import Scale


async def load_demo(settings: Settings, scale: Scale, console: Console) -> None:
    """Load the demo street into the database, with a bar. Does nothing where there is a street."""
    with _bar(console) as report:
        await load(settings, scale, report)


@contextmanager
def _bar(console: Console) -> Generator[Report]:
    """A bar that each table fills in turn; says how long all took where anything was loaded."""
    began = time.monotonic()
    columns = (TextColumn("Loading the demo street: {task.description:<24}"), BarColumn(), MofNCompleteColumn())
    tables: dict[str, TaskID] = {}
    with Progress(*columns, console=console, transient=True) as bar:

        def report(table: str, done: int, total: int) -> None:
            if table not in tables:
                for task in tables.values():
                    bar.update(task, visible=False)
                tables[table] = bar.add_task(table)
            bar.update(tables[table], completed=done, total=max(done, total))

        yield report
    if tables:
        console.print(f"Loaded the demo street in {time.monotonic() - began:.1f} s.", highlight=False)
