"""The whole ladder with real tables: several search engines, a network behind the host, a registrar, counsel."""

from pathlib import Path

import pytest

from unseen.domain.notice import Rung
from unseen.takedown import queries
from unseen.takedown.directory.directory import Directory
from unseen.takedown.directory.load import SHIPPED, load_directory
from unseen.takedown.models import Notice
from unseen.takedown.tests.outside import NOON, a_reported_item, outside_of, pass_time

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
PARTY = """
key = "{key}"
name = "{key}"
kind = "{kind}"
domains = ["{key}.test"]
country = "US"
laws = []
channels = [{{kind = "email", address = "abuse@{key}.test"}}]
languages = ["en"]
source = "made up for tests"
checked_on = 2026-11-01
confidence = "high"
{more}
"""
PARTIES = {
    "prompt": (
        "platform",
        'host = "hosting"\ncdn = "shield"\nregistrar = "names"\napp_stores = ["store"]\npayments = ["cards"]',
    ),
    "hosting": ("host", 'network = "backbone"'),
    "shield": ("cdn", ""),
    "backbone": ("network", ""),
    "names": ("registrar", ""),
    "find": ("search", ""),
    "seek": ("search", ""),
    "store": ("app_store", ""),
    "cards": ("payment", ""),
    "authority": ("regulator", 'regulates = ["KR"]\nblocks = ["KR"]'),
    "lawyers": ("counsel", ""),
}
EVERYBODY = [
    ("platform", "prompt"),
    ("platform_final", "prompt"),
    ("host", "hosting"),
    ("cdn", "shield"),
    ("upstream", "backbone"),
    ("registrar", "names"),
    ("search", "find"),
    ("search", "seek"),
    ("app_store", "store"),
    ("payment", "cards"),
    ("regulator", "authority"),
    ("blocking", "authority"),
    ("counsel", "lawyers"),
]


def directory(folder: Path, ladder: str = "") -> Directory:
    folder.mkdir()
    for key, (kind, more) in PARTIES.items():
        (folder / f"{key}.toml").write_text(PARTY.format(key=key, kind=kind, more=more), "utf-8")
    if ladder:
        (folder / "ladder.toml").write_text(ladder, "utf-8")
    return load_directory([folder], shipped_parties=False)


def climbed(tmp_path: Path, known: Directory, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    with outside_of(tmp_path) as outside, monkeypatch.context() as changed:
        changed.setattr(queries, "directory", lambda: known)
        item = a_reported_item()
        pass_time(NOON, days=90)
        keys = [key for _, key, _ in outside.arrived]
        assert len(keys) == len(set(keys))
        return [(one.rung, one.addressee) for one in queries.in_order(Notice.objects.filter(item=item))]


def test_everybody_is_asked_once_on_each_rung_and_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert climbed(tmp_path, directory(tmp_path / "own"), monkeypatch) == EVERYBODY
    assert {rung for rung, _ in EVERYBODY} == set(Rung)


@pytest.mark.slow
def test_a_centres_own_ladder_changes_the_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head, *rungs = (SHIPPED / "ladder.toml").read_text("utf-8").split("[[rungs]]")
    host_first = [rung for rung in rungs if 'rung = "host"' in rung]
    others = [rung for rung in rungs if rung not in host_first]
    ladder = "[[rungs]]".join([head, *host_first, *others])
    found = climbed(tmp_path, directory(tmp_path / "own", ladder), monkeypatch)
    assert found == [("host", "hosting"), *(step for step in EVERYBODY if step[0] != Rung.HOST)]
