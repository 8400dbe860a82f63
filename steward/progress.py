"""What a person sees while the demo street is loaded or fed, or secrets are sealed anew."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from settings import Settings

from .demo.feed import run_feed
from .demo.load import Progress, load
from .demo.size import Scale


async def load_demo(settings: Settings, scale: Scale, console: Console) -> bool:
    """Load the demo street into the database, with a bar. Does nothing, and gives False, where there is a street."""
    began = time.monotonic()
    columns = (TextColumn("Loading the demo street: {task.description:<24}"), BarColumn(), MofNCompleteColumn())
    with _bar(console, *columns) as bar:
        await load(settings, scale, _tables(bar))
    if bar.tasks:
        console.print(f"Loaded the demo street in {time.monotonic() - began:.1f} s.", highlight=False)
    return bool(bar.tasks)


async def feed_demo(settings: Settings, base_url: str, rate: float, seconds: float, console: Console) -> None:
    """Post events of the demo street's devices to the server, with a bar and a summary. Raises Unusable."""
    columns = (TextColumn("Posting events"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with _bar(console, *columns) as bar:
        task = bar.add_task("events", total=round(rate * seconds))
        summary = await run_feed(
            settings, base_url, rate, seconds, lambda done, total: bar.update(task, completed=done, total=total)
        )
    console.print(summary.say().en, highlight=False, soft_wrap=True)


@contextmanager
def rotating(console: Console) -> Generator[Progress]:
    """Told of tables, values done and all there are, shows a bar while values are sealed anew."""
    columns = (TextColumn("Sealing anew: {task.description:<24}"), BarColumn(), MofNCompleteColumn())
    with _bar(console, *columns) as bar:
        yield _tables(bar)


def _tables(bar: Bar) -> Progress:
    """Shows of several tables the one that is told of."""
    tables: dict[str, TaskID] = {}

    def report(table: str, done: int, total: int) -> None:
        if table not in tables:
            for task in tables.values():
                bar.update(task, visible=False)
            tables[table] = bar.add_task(table)
        bar.update(tables[table], completed=done, total=max(done, total))

    return report


def _bar(console: Console, *columns: ProgressColumn) -> Bar:
    """A bar that goes when it is full; none where nobody looks."""
    return Bar(*columns, console=console, transient=True, disable=not console.is_terminal)


@contextmanager
def job_bar(console: Console) -> Generator[Progress]:
    """Told of a job, how much of it is done and all there is, shows a bar."""
    with _bar(console, TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) as bar:
        yield _tables(bar)
