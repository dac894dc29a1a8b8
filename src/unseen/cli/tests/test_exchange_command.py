import json
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from typer.testing import CliRunner, Result

from unseen.cli.exchange import app
from unseen.clock import now
from unseen.exchange.actions.peers import add_peer
from unseen.exchange.peers.lists import json_lines
from unseen.exchange.tests.peer import work
from unseen.fingerprint import fingerprint_image
from unseen.intake.tests.reports import HOUR, a_report
from unseen.testing.media import PHOTOS
from unseen.testing.services.hma import Hma, running_hma
from unseen.testing.services.ncmec import NAME, PASSWORD, Entry, Ncmec, running_ncmec
from unseen.testing.services.server import ADDRESS

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
FIRST, SECOND = PHOTOS[:2]


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> None:
    settings.UNSEEN = replace(settings.UNSEEN, data_dir=tmp_path)


@pytest.fixture
def reach(settings: Settings) -> Iterator[tuple[Ncmec, Hma]]:
    with running_ncmec() as ncmec, running_hma() as hma:
        settings.UNSEEN = replace(
            settings.UNSEEN,
            fetch_allow_networks=(ip_network(f"{ADDRESS}/32"),),
            fetch_ports=(ncmec.port, hma.port),
        )
        yield ncmec, hma


def test_a_list_is_taken_in_and_a_picture_is_found_in_it(tmp_path: Path) -> None:
    told = tmp_path / "list.csv"
    told.write_text(f"id,pdq\nnumber 7,{fingerprint_image(FIRST).pdq}\nzero,{'0' * 64}\n")
    taken = run("import", "--from", "csv", "--peer", "Centre Example", told)
    assert taken.exit_code == 0, taken.output
    assert "1 added" in taken.output
    assert "1 put aside" in taken.output
    found, other = map(json.loads, run("match", FIRST, SECOND).stdout.splitlines())
    assert found["matches"] == [{"peer": "Centre Example", "entry": "number 7", "distance_bits": 0}]
    assert other["matches"] == []
    assert "1 live, 0 withdrawn" in run("list").stdout
    aside = json.loads(run("quarantined", "--peer", "Centre Example").stdout)
    assert (aside["entry"], aside["reason"], aside["count"]) == ("zero", "all_zero", 1)


def test_what_cannot_be_used_is_named_with_its_cure(tmp_path: Path) -> None:
    told = tmp_path / "list.csv"
    told.write_text("a,b\n1,2\n")
    refused = run("import", "--from", "csv", "--peer", "Centre Example", told)
    assert (refused.exit_code, "names no column" in refused.output) == (1, True)
    assert run("import", "--from", "csv", "--peer", "X").exit_code == 2
    assert run("import", "--from", "hma", "--peer", "X", told).exit_code == 2
    assert run("import", "--from", "csv", "--peer", "X", tmp_path / "none").exit_code == 2
    assert run("export", "--to", "csv", "--peer", "nobody", tmp_path / "new").exit_code == 1


@pytest.mark.parametrize("form", ["csv", "json-lines", "local-file", "ncmec"])
def test_a_peers_list_is_written_in_a_form_that_is_read_again(tmp_path: Path, form: str) -> None:
    add_peer("Platform Example", now())
    a_report(share=True, at=now())
    work(now())
    told = tmp_path / "list"
    assert run("export", "--to", form, "--peer", "Platform Example", told).exit_code == 0
    assert told.stat().st_mode & 0o777 == 0o600
    taken = run("import", "--from", form, "--peer", "Read Again", told)
    assert "2 added" in taken.output, "the picture and a canary"
    assert run("export", "--to", form, "--peer", "Platform Example", told).exit_code == 2, (
        "nothing is written over"
    )


def test_what_peers_gave_us_is_never_given_on(tmp_path: Path) -> None:
    told = tmp_path / "theirs.csv"
    told.write_text(f"pdq\n{'5a' * 32}\n")
    run("import", "--from", "csv", "--peer", "Centre Example", told)
    add_peer("Platform Example", now())
    a_report(share=True, at=now())
    work(now())
    run("export", "--to", "json-lines", "--peer", "Platform Example", tmp_path / "ours")
    values = {record.value for record in json_lines.read((tmp_path / "ours").read_bytes()).records}
    assert len(values) == 2
    assert all((int.from_bytes(one, "big") ^ int("5a" * 32, 16)).bit_count() > 31 for one in values)


def test_ncmecs_service_is_read_with_a_password_from_a_file(reach: tuple[Ncmec, Hma], tmp_path: Path) -> None:
    ncmec, _ = reach
    ncmec.entries = [Entry("image1", now() - HOUR, {"pdq": "5a" * 32})]
    secret = tmp_path / "secret"
    secret.write_text(f"{NAME}:{PASSWORD}\n")
    base = f"http://{ADDRESS}:{ncmec.port}/npo"
    words = ("import", "--from", "ncmec", "--peer", "NCMEC", "--address", base, "--credentials", secret)
    assert "1 added" in run(*words).output
    assert "0 added" in run(*words).output
    secret.write_text("wrong:one")
    assert (run(*words).exit_code, "password" in run(*words).output) == (1, True)


def test_a_list_is_put_into_a_peers_hma(reach: tuple[Ncmec, Hma]) -> None:
    _, hma = reach
    add_peer("Platform Example", now())
    a_report(share=True, at=now())
    work(now())
    address = f"http://{ADDRESS}:{hma.port}"
    done = run("export", "--to", "hma", "--peer", "Platform Example", "--address", address)
    assert "2 added" in done.output, done.output
    assert len(hma.matching("UNSEEN")) == 2
