"""What is wrong with a data file: every problem names the file, the field and the cure."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of one field."""

    file: Path
    field: str
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file}: {self.field}: {self.what}. Cure: {self.cure}."


class DirectoryError(ValueError):
    """The data files contradict their schema or each other; `problems` lists every fault found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))
