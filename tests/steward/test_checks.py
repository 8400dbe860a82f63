"""What ``make check`` says about generated files and missing migrations."""

from pathlib import Path

import pytest

from settings import Settings
from steward import checks


async def test_no_change_of_the_rows_lacks_a_migration():
    assert await checks.missing_migrations() == []


def test_every_setting_is_listed_with_the_variable_it_is_read_from(monkeypatch: pytest.MonkeyPatch):
    page = checks.settings_page()

    for name, field in Settings.model_fields.items():
        assert f"| `{checks.variable(name, field)}` |" in page
    monkeypatch.setenv(checks.variable("redis_url", Settings.model_fields["redis_url"]), "redis://elsewhere")
    monkeypatch.setenv(checks.variable("token_minutes", Settings.model_fields["token_minutes"]), "7")
    assert (Settings().redis_url, Settings().token_minutes) == ("redis://elsewhere", 7)


def test_a_generated_file_that_is_missing_or_changed_is_stale_until_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    page = tmp_path / "docs" / "page.md"
    monkeypatch.setattr(checks, "GENERATED", {page: lambda: "as generated\n"})

    assert checks.stale() == [page]
    checks.write()
    assert checks.stale() == []
    page.write_text("edited\n")
    assert checks.stale() == [page]


def test_two_migrations_of_one_number_are_told():
    assert checks.forks(["0001_initial", "0002_more", "0002_other", "0003_rest"]) == ["0002"]
