"""You know where to look before you look: every stage has the same files, and no file is left over."""

import pytest

from tests.tidy.source import Source, sources, with_migrations
from tests.tidy.structure import STAGE_FILES, STAGES, missing_files, orphans

pytestmark = pytest.mark.thorough

# A file that a stage has no use for, and why. An excuse whose file exists is an error too.
NOT_NEEDED: dict[str, dict[str, str]] = {
    "accounts": {"due.py": "nothing about staff falls due"},
    "journal": {"due.py": "entries are complete when written"},
    "evidence": {
        "views.py": "shown on the page of each item",
        "due.py": "exhibits are made when something is seen",
    },
    "hashbank": {"views.py": "the bank has a command line, no pages"},
    "intake": {"due.py": "casework looks for new reports"},
    "casework": {"views.py": "the pages of an item and of a case show notices too, so they are takedown's"},
    "discovery": {"views.py": "what a sweep found is shown as items"},
    "statistics": {
        "models.py": "reads only",
        "actions.py": "reads only",
        "due.py": "counted when asked",
    },
}


def test_every_stage_has_the_same_files() -> None:
    problems = list(missing_files((source.name for source in sources()), NOT_NEEDED))
    assert not problems, "\n".join(problems)


def test_no_module_is_left_over() -> None:
    problems = list(orphans(with_migrations()))
    assert not problems, "\n".join(problems)


def complete() -> set[str]:
    return {f"{stage}/{file}" for stage in STAGES for file in STAGE_FILES} | {
        f"{stage}/tests/test_it.py" for stage in STAGES
    }


def test_a_missing_file_is_found() -> None:
    assert list(missing_files(complete(), {})) == []
    assert list(missing_files(complete() - {"intake/actions.py"}, {})) == ["intake/actions.py is missing"]
    assert list(missing_files(complete() - {"intake/tests/test_it.py"}, {})) == ["intake/tests has no test"]


def test_an_excuse_that_is_no_longer_true_is_found() -> None:
    assert list(missing_files(complete(), {"intake": {"due.py": "nothing is due"}}))


def test_a_module_that_nobody_imports_is_found() -> None:
    lonely = Source("takedown/old_ladder.py", "x = 1\n")
    assert list(orphans([lonely])) == ["takedown/old_ladder.py is imported by nobody"]
    assert list(orphans([lonely, Source("takedown/tests/test_it.py", "import unseen.takedown.old_ladder\n")]))
    assert not list(
        orphans([Source("cli/scan.py", ""), Source("cli/__init__.py", "x = Command('scan', 'scan')\n")])
    )
    for code in ("from unseen.takedown import old_ladder\n", "x = 'unseen.takedown.old_ladder.Ladder'\n"):
        assert not list(orphans([lonely, Source("takedown/apps.py", code)]))
