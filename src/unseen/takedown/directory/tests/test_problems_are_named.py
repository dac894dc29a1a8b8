from datetime import date
from pathlib import Path

import pytest

from unseen.takedown.directory import SHIPPED, DirectoryError, Problem, load_directory
from unseen.takedown.directory.tests.folder import HOST, PLATFORM, REGULATOR, write

TODAY = date(2026, 12, 1)
LAW = (SHIPPED / "laws" / "us-tida.toml").read_text("utf-8").replace('id = "us-tida"', 'id = "own"')


def problems_of(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(DirectoryError) as caught:
        load_directory([folder], today=TODAY, shipped_parties=False)
    for problem in caught.value.problems:
        assert str(problem.file) in str(caught.value)
        assert problem.cure in str(caught.value)
    return caught.value.problems


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ('key = "prompt"', 'key = "Prompt Co"', "key", "wrong form"),
        ('key = "prompt"', "", "key", "missing"),
        ('name = "Prompt Pictures"', 'name = "a\\r\\nb"', "name", "line break"),
        ('name = "Prompt Pictures"', "name = 7", "name", "not a text"),
        ('kind = "platform"', 'kind = "website"', "kind", "not known"),
        ('["prompt.test"]', '["https://prompt.test/"]', "domains", "wrong form"),
        ('["prompt.test"]', '["co.kr"]', "domains", "everybody"),
        ('["prompt.test"]', '["a.test", "a.test"]', "domains", "twice"),
        ('country = "US"', 'country = "usa"', "country", "wrong form"),
        ('"us-tida", ', '"us-tidy", ', "laws", "no law 'us-tidy'"),
        ('host = "prompt-hosting"', 'host = "nobody"', "host", "no host 'nobody'"),
        ('host = "prompt-hosting"', 'host = "prompt"', "host", "no host 'prompt'"),
        ('languages = ["ko", "en"]', "languages = []", "languages", "empty"),
        ("checked_on = 2026-11-01", 'checked_on = "2026-11-01"', "checked_on", "not a day"),
        ("checked_on = 2026-11-01", "checked_on = 2027-01-01", "checked_on", "in the future"),
        ('confidence = "high"', 'confidence = "sure"', "confidence", "not known"),
        ('confidence = "high"', 'confidence = "high"\nnickname = "p"', "nickname", "no such field"),
        ('confidence = "high"', 'confidence = "high"\nregulates = ["KR"]', "regulates", "for a platform"),
        ("abuse@prompt.test", "abuse@prompt.test\\r\\nBcc: a@b.test", "channels[2].address", "not one plain"),
        ("abuse@prompt.test", "a@prompt.test, b@prompt.test", "channels[2].address", "not one plain"),
        ("abuse@prompt.test", "Desk <a@prompt.test>", "channels[2].address", "not one plain"),
        (
            "http://prompt.test:8001/notices",
            "http://prompt.example/notices",
            "channels[1].endpoint",
            "not https",
        ),
        ("http://prompt.test:8001/notices", "https://a:b@prompt.test/", "channels[1].endpoint", "password"),
        ("http://prompt.test:8001/notices", "https://127.0.0.1/", "channels[1].endpoint", "no host name"),
        ("http://prompt.test:8001/notices", "https://prompt.test/\\n", "channels[1].endpoint", "line break"),
        ('kind = "api"', 'kind = "fax"', "channels[1].kind", "not known"),
        ('kind = "api"', 'kind = "form"', "channels[1].location", "missing"),
        ('key = "prompt"', "key = ", "file", "cannot be read"),
        ('country = "US"', 'country = "US"\ncdn = "prompt-hosting"', "cdn", "no cdn 'prompt-hosting'"),
        ('country = "US"', 'country = "US"\nlimits = {texts = 1}', "limits.texts", "no such field"),
        (
            'country = "US"',
            'country = "US"\nlimits = {locations_per_notice_max = 0}',
            "limits.locations_per_notice_max",
            "not such a number",
        ),
    ],
)
def test_a_wrong_field_is_named_with_its_cure(
    tmp_path: Path, old: str, new: str, field: str, words: str
) -> None:
    assert PLATFORM.count(old) == 1
    problems = problems_of(write(tmp_path, prompt=PLATFORM.replace(old, new), host=HOST))
    assert any(
        problem.field == field and words in problem.what and problem.file.name == "prompt.toml"
        for problem in problems
    ), problems


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    broken = PLATFORM.replace('country = "US"', "country = 1").replace('kind = "platform"', 'kind = "x"')
    assert {problem.field for problem in problems_of(write(tmp_path, prompt=broken, host=HOST))} >= {
        "country",
        "kind",
    }


def test_the_same_key_or_domain_twice_is_a_problem(tmp_path: Path) -> None:
    problems = problems_of(write(tmp_path, one=PLATFORM, two=PLATFORM, host=HOST))
    assert {problem.field for problem in problems} == {"key", "domains"}
    assert all("one.toml" in problem.what for problem in problems)


def test_two_regulators_of_one_country_in_one_folder_are_a_problem(tmp_path: Path) -> None:
    second = REGULATOR.replace('"kr-regulator"', '"second"').replace("regulator.test", "second.test")
    problems = problems_of(write(tmp_path, one=REGULATOR, two=second))
    assert [problem.field for problem in problems] == ["regulates"]


def test_a_regulator_without_a_country_is_a_problem(tmp_path: Path) -> None:
    problems = problems_of(write(tmp_path, one=REGULATOR.replace('["KR"]', "[]")))
    assert [problem.field for problem in problems] == ["regulates"]


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    assert [problem.field for problem in problems_of(tmp_path / "nowhere")] == ["folder"]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("answer_within_hours = 48", "", "target_hours"),
        ("answer_within_hours = 48", "answer_within_hours = 0", "answer_within_hours"),
        ("answer_within_hours = 48", "answer_within_hours = true", "answer_within_hours"),
        ("in_force_from = 2026-05-19", "", "in_force_from"),
        ('status = "in_force"', 'status = "policy"', "answer_within_hours"),
        ('applies_to = ["platform"]', "applies_to = []", "applies_to"),
        ('"signature", ', '"seal", ', "elements"),
        ('"https://uscode', '"ftp://uscode', "sources"),
        ('id = "own"', 'id = "us-tida"', "id"),
    ],
)
def test_a_wrong_law_is_named(tmp_path: Path, old: str, new: str, field: str) -> None:
    assert LAW.count(old) == 1
    (tmp_path / "laws").mkdir()
    (tmp_path / "laws" / "own.toml").write_text(LAW.replace(old, new), "utf-8")
    assert field in {problem.field for problem in problems_of(tmp_path)}


def test_an_old_entry_is_a_warning_not_a_problem(tmp_path: Path) -> None:
    old = PLATFORM.replace("checked_on = 2026-11-01", "checked_on = 2025-10-01")
    directory = load_directory([write(tmp_path, prompt=old, host=HOST)], today=TODAY, shipped_parties=False)
    assert [(one.file.name, one.field) for one in directory.warnings] == [("prompt.toml", "checked_on")]
    assert "426 days ago" in directory.warnings[0].what


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    problems = problems_of(write(tmp_path, prompt=PLATFORM + "#" * 70_000))
    assert "more than 65536" in problems[0].what


FORM = """
[[url_forms]]
identifies = "post"
form = "/p/{post:digits}"
examples = ["http://prompt.test/p/1"]
"""


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ("/p/1", "/q/1", "url_forms[1].examples", "does not have this form"),
        ("http://prompt.test/p/1", "https://other.test/p/1", "url_forms[1].examples", "not of this party"),
        ('["http://prompt.test/p/1"]', "[]", "url_forms[1].examples", "is empty"),
        ("{post:digits}", "{post:runes}", "url_forms[1].form", "unknown kind 'runes'"),
        ("{post:digits}", "{post}{post}", "url_forms[1].form", "a part twice"),
        ("{post:digits}", "{post", "url_forms[1].form", "not {name}"),
        ('"post"\n', '"thing"\n', "url_forms[1].identifies", "not known"),
    ],
)
def test_a_wrong_form_of_urls_is_named(tmp_path: Path, old: str, new: str, field: str, words: str) -> None:
    assert FORM.count(old) == 1
    problems = problems_of(write(tmp_path, prompt=PLATFORM + FORM.replace(old, new), host=HOST))
    assert any(problem.field == field and words in problem.what for problem in problems), problems


def test_a_wider_form_before_a_narrower_one_is_a_problem(tmp_path: Path) -> None:
    wide = FORM.replace("/p/{post:digits}", "/{any}/{post}")
    problems = problems_of(write(tmp_path, prompt=PLATFORM + wide + FORM, host=HOST))
    assert [problem.field for problem in problems] == ["url_forms[2].examples"]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('rung = "host"', 'rung = "hosting"', "rungs[3].rung"),
        ('rung = "host"', 'rung = "cdn"', "rungs"),
        ('needs = ["not_refused"]', 'needs = ["luck"]', "rungs[2].needs"),
        ("answer_hours_max = 24", "answer_hours_max = 0", "rungs[2].answer_hours_max"),
        ('asks = "cdn"', 'asks = "somebody"', "rungs[4].asks"),
    ],
)
def test_a_wrong_rung_of_a_centres_own_ladder_is_named(
    tmp_path: Path, old: str, new: str, field: str
) -> None:
    text = (SHIPPED / "ladder.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "ladder.toml").write_text(text.replace(old, new, 1), "utf-8")
    assert field in {problem.field for problem in problems_of(tmp_path)}


def test_a_law_that_ended_and_is_still_named_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "laws").mkdir()
    ended = LAW.replace("in_force_from", "in_force_until = 2026-11-30\nin_force_from")
    (tmp_path / "laws" / "own.toml").write_text(ended, "utf-8")
    folder = write(tmp_path, prompt=PLATFORM.replace('"us-tida", ', '"own", '), host=HOST)
    directory = load_directory([folder], today=TODAY, shipped_parties=False)
    assert [(one.field, one.what) for one in directory.warnings] == [
        ("in_force_until", "ended on 2026-11-30 and is named by prompt")
    ]
