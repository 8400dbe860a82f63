"""A further module of the steward is one file on each of two floors, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

_RULES = '''"""Noise."""

from domain.alerts import Severity
from domain.alerts.conditions import Above, Checked
from domain.steward.rules import Figure, Module, Rule
from domain.words import Text

LOUD = Rule(
    key="noise.loud", version=1, name=Text("Loud", "噪声"), kinds=frozenset(), metric=None,
    condition=Checked(Above("limit", "margin")),
    figures={name: Figure(Text("A figure.", "阈值。"), 55, "dB", 0, 120, "GB 3096") for name in ("limit", "margin")},
    severity=Severity.WARNING, message=Text("Loud at {place}.", "{place}噪声超标。"),
)
MODULE = Module(key="noise", name=Text("Noise", "噪声"), about=Text("Noise.", "噪声。"), rules=(LOUD,))
'''
_CHECK = '''"""Noise: what is looked for on the clock."""

from domain.steward.noise import LOUD, MODULE
from domain.words import Text
from tasks.clock import check

from .finding import bring_in_line


@check("noise.nights", module=MODULE.key, cron="0 22 * * *", does=Text("Listen.", "监听。"))
async def listen(now):
    return await bring_in_line(LOUD.key, [], now)
'''
_LOOK = """
import tasks.registry
from domain.steward import DEFAULTS
from tasks.clock import CHECKS
print(DEFAULTS.modules["noise"].name.zh, DEFAULTS.rules["noise.loud"].key, CHECKS["noise.nights"].module)
"""


def look(tree: Path) -> subprocess.CompletedProcess[str]:
    """What a program sees that runs in the tree."""
    environment = os.environ | {"PYTHONPATH": str(tree), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run([sys.executable, "-c", _LOOK], cwd=tree, env=environment, check=False, capture_output=True, text=True)


def test_a_module_is_one_file_on_each_of_two_floors_and_a_key_that_is_taken_is_refused(tmp_path: Path) -> None:
    for floor in ("domain", "models", "tasks"):
        shutil.copytree(ROOT / floor, tmp_path / floor, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "settings.py", tmp_path)
    (tmp_path / "domain/steward/noise.py").write_text(_RULES)
    (tmp_path / "tasks/steward/noise.py").write_text(_CHECK)
    assert look(tmp_path).stdout == "噪声 noise.loud noise\n"

    (tmp_path / "domain/steward/clamour.py").write_text(_RULES.replace("noise.loud", "noise.clamour"))
    refused = look(tmp_path)
    assert (refused.returncode, "ValueError: two modules named noise" in refused.stderr) == (1, True)
