"""``steward payments-sandbox``."""

import os
import sys
from typing import Annotated

import typer

from settings import load
from steward.folder import Unusable

from .till import merchants_of


def payments_sandbox(
    merchant: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NUMBER=SECRET",
            help="A merchant and its secret of 32 characters at least; repeatable. [default: STEWARD_PAYMENTS_SANDBOX_MERCHANTS]",
        ),
    ] = None,
    port: Annotated[int, typer.Option(metavar="N", min=1, max=65535, help="Port at STEWARD_HOST.")] = 8090,
) -> None:
    """Run a payment provider that moves no money, for development and tests: see docs/payments.md."""
    if merchant:
        os.environ["STEWARD_PAYMENTS_SANDBOX_MERCHANTS"] = ",".join(merchant)
    settings = load()
    try:
        known = merchants_of(settings.payments_sandbox_merchants.get_secret_value())
    except ValueError as problem:
        raise Unusable(f"{problem}.") from None
    if not known:
        raise Unusable("Name a merchant: --merchant NUMBER=SECRET.")
    options = {"--interface": "asgi", "--host": settings.host, "--port": str(port), "--log-level": "warning"}
    line = [word for option in options.items() for word in option]
    command = [sys.executable, "-m", "granian", "--factory", *line, "steward.payments_sandbox.app:create_app"]
    os.execv(command[0], command)  # noqa: S606
