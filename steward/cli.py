"""The command ``steward``."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console

from api.tokens import issue
from domain.access import Role
from domain.accounts import COMMAND_LINE
from domain.audit import Door
from domain.refusals import Refused
from models import Account, Organisation
from models import database as models_database
from models.facts import acting
from models.keys import admit, create_intake_key
from models.secrets import NoSecretKey
from models.sessions import open_session
from settings import Settings, load

from . import accounts as account_commands
from .accounts import BoundTo
from .audit import verify_audit
from .demo.size import Scale
from .folder import DataFolder, Unusable
from .jobs import follow_job
from .parts import ROOT, become
from .payments_sandbox import payments_sandbox
from .progress import feed_demo, load_demo
from .reach import local_url, reaching_database, settings_for
from .rotation import rotate_keys
from .up import up as start_everything

app = typer.Typer(
    name="steward",
    help="Steward (智慧管家): the compound-level platform of a street office.\n\n"
    "`steward up` starts everything on this machine. `api`, `worker`, `clock` and `mqtt` are its parts, run apart on given "
    "servers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
intake_keys = typer.Typer(help="Intake keys: with one, an organisation's machine posts events.", no_args_is_help=True)
secret_keys = typer.Typer(help="Secret keys: with them tokens are signed and secrets sealed.", no_args_is_help=True)
accounts = typer.Typer(help="Accounts: who can log in.", no_args_is_help=True)
demo_data = typer.Typer(help="The demo street: its data, and events for it.", no_args_is_help=True)
app.add_typer(intake_keys, name="intake-key")
app.add_typer(secret_keys, name="keys")
app.add_typer(accounts, name="account")
audit = typer.Typer(help="The record of facts: who did what, sealed every minute.", no_args_is_help=True)
app.add_typer(demo_data, name="demo")
app.add_typer(audit, name="audit")
app.command("payments-sandbox")(payments_sandbox)

console = Console()
T = TypeVar("T")
DataOption = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Data folder of a running `steward up`.")]


@app.command()
def up(
    host: Annotated[str | None, typer.Option(metavar="H", help="Address to listen on. [default: 127.0.0.1]")] = None,
    port: Annotated[
        int | None, typer.Option(metavar="N", min=0, max=65535, help="Port; 0 picks a free one. [default: 8000]")
    ] = None,
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="Where everything is kept. [default: .steward]")] = None,
    demo: Annotated[Literal["street", "small", "none"], typer.Option(help="Demo data for an empty database.")] = "street",
) -> None:
    """Start everything on this machine.

    Embedded PostgreSQL and Valkey, migrations, demo data, API, worker and clock, until Ctrl-C or SIGTERM.
    """
    settings = load()
    start_everything(
        host=host or settings.host,
        port=settings.port if port is None else port,
        data=data or settings.data,
        scale=demo,
        console=console,
    )


@app.command()
def api() -> None:
    """Run the API alone, on DATABASE_URL and REDIS_URL."""
    become("api", _for_a_part())


@app.command()
def worker() -> None:
    """Run a worker alone, on DATABASE_URL and REDIS_URL."""
    become("worker", _for_a_part())


@app.command()
def clock() -> None:
    """Run a clock alone, on DATABASE_URL and REDIS_URL. Any number may run."""
    become("clock", _for_a_part())


@app.command()
def mqtt() -> None:
    """Run a bridge alone, from the broker of STEWARD_MQTT_URL to DATABASE_URL. Any number may run: see docs/mqtt.md."""
    become("mqtt", load())


@app.command()
def migrate(data: DataOption = None) -> None:
    """Bring the database to this version's schema. Several at once do no harm."""
    settings = settings_for(data) if data else load()
    _run(_migrate(settings))
    console.print("The database is up to date.")


@app.command()
def schema() -> None:
    """Print the GraphQL schema (SDL)."""
    raise typer.Exit(subprocess.run([sys.executable, "-m", "steward.sdl"], cwd=ROOT, check=False).returncode)


@app.command()
def token(login: Annotated[str, typer.Argument(metavar="LOGIN", help="A local account.")], data: DataOption = None) -> None:
    """Print a bearer token for an account: a session of its own, as long as the token."""
    settings = settings_for(data)

    async def issue_token() -> str:
        account = await Account.get_or_none(login=login, disabled_at__isnull=True)
        if account is None:
            raise Unusable(f"There is no account `{login}` that may log in.")
        session, _ = await open_session(account, COMMAND_LINE, lasts=timedelta(minutes=settings.token_minutes))
        return issue(account.id, session.id, settings)[0]

    sys.stdout.write(_run(_connected(settings, issue_token)) + "\n")


@intake_keys.command("create")
def intake_key_create(
    organisation_code: Annotated[
        str, typer.Argument(metavar="ORGANISATION_CODE", help="Code of the organisation that the key speaks for.")
    ],
    mqtt: Annotated[
        bool, typer.Option("--mqtt", help="Let it speak through the broker instead; that key has no secret.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Make an intake key and print its secret, this once."""
    settings = settings_for(data)

    async def create() -> str:
        organisation = await Organisation.get_or_none(code=organisation_code)
        if organisation is None:
            raise Unusable(f"There is no organisation with the code `{organisation_code}`.")
        if not mqtt:
            return (await create_intake_key(organisation))[1] + "\n"
        try:
            await admit(organisation)
        except Refused as refused:
            raise Unusable(f"{refused.message.en} {refused.hint.en}") from refused
        return ""

    sys.stdout.write(_run(_connected(settings, create)))
    if mqtt:
        console.print(f"{organisation_code} may speak through the broker.")


@secret_keys.command("new")
def keys_new(
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="Data folder of a `steward up` that is stopped.")] = None,
) -> None:
    """Make a new secret key for a data folder; the old one still opens what it sealed. Then `steward keys rotate`."""
    folder = DataFolder(data or load().data)
    if folder.secret_key() is None:
        raise Unusable(f"There is no secret key in the data folder {folder.path}: `steward up` makes one.")
    with folder.held("keys"):
        folder.add_secret_key()
    console.print("A new key is in place. Start `steward up`, then run `steward keys rotate`.")


@secret_keys.command("rotate")
def keys_rotate(data: DataOption = None) -> None:
    """Seal everything anew under the current secret key; the programs may run meanwhile, and it may be stopped and run again."""
    sys.stdout.write(_run(rotate_keys(settings_for(data), console)))


@accounts.command("create")
def account_create(
    login: Annotated[
        str, typer.Argument(metavar="LOGIN", help="Log-in name: 3 to 40 small letters, digits, dots, hyphens, underscores.")
    ],
    role: Annotated[Role, typer.Option(help="What the account may be.")],
    code: Annotated[str, typer.Option(metavar="CODE", help="Code of what the role is bound to.")],
    to: Annotated[BoundTo, typer.Option(help="What the role is bound to.")] = "place",
    name: Annotated[str, typer.Option(metavar="NAME", help="Shown name. [default: the log-in name]")] = "",
    service: Annotated[bool, typer.Option("--service", help="For a machine: without a password.")] = False,
    data: DataOption = None,
) -> None:
    """Make an account and print its temporary password, to be changed at the first log-in."""
    settings = settings_for(data)

    async def create() -> str:
        return await account_commands.create(login, name or login, role, to, code, service=service)

    password = _run(_connected(settings, create))
    sys.stdout.write(f"{password}\n" if password else "")


@accounts.command("reset")
def account_reset(
    login: Annotated[str, typer.Argument(metavar="LOGIN", help="A person's account.")], data: DataOption = None
) -> None:
    """Print a temporary password for an account, to be changed at the next log-in; its sessions end."""
    sys.stdout.write(_run(_connected(settings_for(data), lambda: account_commands.reset(login))) + "\n")


@demo_data.command("load")
def demo_load(
    scale: Annotated[Scale, typer.Option(help="The true street, or a small one with the same structure.")] = "street",
    data: DataOption = None,
) -> None:
    """Load the demo street into an empty database."""
    if not _run(load_demo(settings_for(data), scale, console)):
        console.print("The database holds a street already: nothing loaded.")


@demo_data.command("feed")
def demo_feed(
    rate: Annotated[float, typer.Option(metavar="N", min=0.1, help="Events a second.")] = 20,
    seconds: Annotated[float, typer.Option(metavar="S", min=1, help="How long.")] = 60,
    data: DataOption = None,
) -> None:
    """Post realistic device events to a running server."""
    settings = settings_for(data)
    _run(feed_demo(settings, local_url(settings.host, settings.port), rate, seconds, console))


@app.command()
def job(
    job_id: Annotated[str, typer.Argument(metavar="ID", help="A job, as `job_…`.")],
    data: DataOption = None,
) -> None:
    """Show how far a job is, until it is over."""
    settings = settings_for(data)
    sys.stdout.write(_run(_connected(settings, lambda: follow_job(job_id, console))))


@audit.command("verify")
def audit_verify(
    first: Annotated[
        datetime | None, typer.Option("--from", metavar="D", formats=["%Y-%m-%d"], help="First day. [default: the beginning]")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", metavar="D", formats=["%Y-%m-%d"], help="Last day. [default: today]")
    ] = None,
    data: DataOption = None,
) -> None:
    """Compare the facts with their seals, and name the first that was changed, removed, added or moved."""
    settings = settings_for(data)
    sys.stdout.write(_run(verify_audit(settings, first and first.date(), last and last.date())))


def _for_a_part() -> Settings:
    """Settings of a part run apart, which must share its secret key with the others."""
    settings = load()
    if settings.secret_key is None:
        raise Unusable("Set STEWARD_SECRET_KEY to 32 random bytes as hex, the same for every part (openssl rand -hex 32).")
    return settings


def _run(work: Coroutine[Any, Any, T]) -> T:
    with reaching_database():
        return asyncio.run(work)


async def _migrate(settings: Settings) -> None:
    try:
        await models_database.migrate(settings)
    except models_database.DatabaseTooNew as error:
        sentence = str(error)
        raise Unusable(f"{sentence[0].upper()}{sentence[1:]}.") from error


async def _connected(settings: Settings, act: Callable[[], Awaitable[str]]) -> str:
    """What ``act`` gives with the database connected."""
    await models_database.connect(settings)
    try:
        with acting(Door.CLI):
            return await act()
    finally:
        await models_database.disconnect()


def _fail(sentence: str, code: int) -> NoReturn:
    sys.stderr.write(f"steward: {sentence}\n")
    sys.exit(code)


def main() -> None:
    """The entry point. A problem is told in a sentence; exit code 1, or 2 when the command or a setting is wrong."""
    try:
        app(prog_name="steward")
    except (Unusable, NoSecretKey) as problem:
        _fail(str(problem), 1)
    except ValidationError as problem:
        wrong = "; ".join(f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in problem.errors())
        _fail(f"A setting in the environment is wrong ({wrong}). docs/settings.md lists them.", 2)
