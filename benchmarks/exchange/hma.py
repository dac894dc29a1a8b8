"""HMA beside us, with the same entries: its own source, PostgreSQL, its own index, gunicorn as its Dockerfile runs it.

HMA is in no package registry. `--hma` names the folder `hasher-matcher-actioner/src` of a checkout of facebook/ThreatExchange;
its requirements go into build/hma. Nothing of it is a part of Unseen.
"""

import json
import os
import subprocess
import sys
import urllib.request
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.exchange.load import running
from tests.postgres import cluster

FOLDER = Path("build/hma")
PORT = 8376
REQUIREMENTS = (
    "flask", "flask_sqlalchemy", "flask_migrate", "psycopg2-binary", "requests", "threatexchange==1.2.17",
    "flask_apscheduler", "python-dateutil", "python-json-logger", "flask-openapi3[swagger]", "gunicorn", "faiss-cpu",
)  # fmt: skip
_CONFIG = """
import os
PRODUCTION = True
DATABASE_URI = os.environ["HMA_DATABASE"]
ROLE_HASHER = ROLE_MATCHER = ROLE_CURATOR = True
TASK_FETCHER = TASK_INDEXER = False
TASK_INDEX_CACHE = True
"""
_FILL = """
import io, os, sys
import numpy as np
os.environ["MIGRATION_COMMAND"] = "1"
from OpenMediaMatch.app import create_app
from OpenMediaMatch.background_tasks import build_index
from OpenMediaMatch.persistence import get_storage
from OpenMediaMatch.storage.postgres.database import db
from threatexchange.storage.interfaces import BankConfig

rows = np.load(sys.argv[1])
app = create_app()
with app.app_context():
    db.create_all()
    storage = get_storage()
    storage.bank_update(BankConfig("UNSEEN_REVIEW", 1.0), create=True)
    line = db.engine.raw_connection()
    cursor = line.cursor()
    contents = "".join(f"{number + 1}\\t1\\t1\\n" for number in range(len(rows)))
    cursor.copy_expert("COPY bank_content (id, bank_id, disable_until_ts) FROM STDIN", io.StringIO(contents))
    signals = "".join(f"{number + 1}\\tpdq\\t{row.tobytes().hex()}\\n" for number, row in enumerate(rows))
    cursor.copy_expert("COPY content_signal (content_id, signal_type, signal_val) FROM STDIN", io.StringIO(signals))
    cursor.execute("ANALYZE")
    line.commit()
    build_index.build_all_indices(storage, storage, storage)
"""


@dataclass(frozen=True)
class Running:
    """HMA as it answers."""

    pid: int
    version: str


@contextmanager
def served(source: Path, rows: np.ndarray, core: int) -> Iterator[Running]:
    """HMA with these rows (ids from 1) in one bank, once it answers that it is ready."""
    _set_up()
    np.save(FOLDER / "rows.npy", rows)
    (FOLDER / "config.py").write_text(_CONFIG)
    with cluster({"shared_buffers": "512MB"}) as address:
        where = address.partition("host=")[2]
        env = {
            "HMA_DATABASE": f"postgresql+psycopg2://unseen@/unseen?host={where}",
            "OMM_CONFIG": str((FOLDER / "config.py").absolute()),
            "PYTHONPATH": str(source.absolute()),
        }
        fill = [str(FOLDER / "venv/bin/python"), "-c", _FILL, str(FOLDER / "rows.npy")]
        subprocess.run(fill, check=True, env={**os.environ, **env})
        command = [
            str(FOLDER / "venv/bin/gunicorn"),
            "--bind",
            f"127.0.0.1:{PORT}",
            "OpenMediaMatch.app:create_app()",
        ]
        with running(command, PORT, core, FOLDER / "log", env) as pid:
            yield Running(pid, _version(source))


def same_answers(queries: np.ndarray, ours: int) -> Mapping[str, int]:
    """Of these look-ups with distances, how many have the same answer from both, and how many hits there were."""
    same = hits = 0
    for query in queries:
        path = f"/m/raw_lookup?signal_type=pdq&include_distance=true&signal={query.tobytes().hex()}"
        left, right = _matches(PORT, path), _matches(ours, path)
        same += left == right
        hits += len(left)
    return {"asked": len(queries), "same": same, "hits": hits}


def _matches(port: int, path: str) -> set[tuple[int, str]]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        return {(each["bank_content_id"], each["distance"]) for each in json.load(answer)["matches"]}


def _set_up() -> None:
    if not (FOLDER / "venv/bin/gunicorn").exists():
        venv.create(FOLDER / "venv", with_pip=True)
        pip = [str(FOLDER / "venv/bin/python"), "-m", "pip", "install", "--quiet", *REQUIREMENTS]
        subprocess.run(pip, check=True, stdout=sys.stderr)


def _version(source: Path) -> str:
    known = source.parent / "version.txt"
    return known.read_text().strip() if known.exists() else "of the checkout given"
