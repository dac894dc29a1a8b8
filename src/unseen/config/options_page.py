"""Writes docs/running/options.md from the table of options, so that the page cannot say anything else."""

import sys
from pathlib import Path

from unseen.config.option_table import OPTIONS, Option

HEAD = """# Options

Unseen is configured by environment variables and by nothing else. `unseen config` prints what is in force, with
secrets hidden; a value that cannot work is named with its cure when Unseen starts, and so is a misspelt variable.

An empty variable counts as unset. A secret may also come from a file: set the variable's name followed by `_FILE` to
the path of a file that holds nothing else. This page is written by `make docs` from
[`option_table.py`](../../src/unseen/config/option_table.py).
"""


def page() -> str:
    return HEAD + "".join(_section(option) for option in OPTIONS)


def _section(option: Option) -> str:
    default = f"`{option.default}`" if option.default else "not set"
    if option.default_note:
        default = f"{default}: {option.default_note}"
    secret = f"- secret; or from the file named by `{option.variable}_FILE`\n" if option.secret else ""
    return (
        f"\n## {option.variable}\n\n{option.description}\n\n"
        f"- kind: {option.kind}\n- default: {default}\n- example: `{option.example}`\n{secret}"
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
