"""What the pages show works: every piece of Python on them is run, each on a new file."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import venue

from .box_office import EXAMPLES, NOW, SEASON

PAGES = (EXAMPLES / "python" / "README.md", EXAMPLES.parent / "README.md")


def pieces(page: Path) -> list[str]:
    """The Python on a page."""
    return re.findall(r"^```python\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)


class Pages(unittest.TestCase):
    def test_every_piece_of_python_runs(self) -> None:
        for page in PAGES:
            self.assertTrue(pieces(page), page)
            for number, piece in enumerate(pieces(page), 1):
                with self.subTest(page=page.name, number=number), tempfile.TemporaryDirectory() as folder:
                    path = Path(folder) / "kino.venue"
                    shutil.copy(SEASON, Path(folder) / "season.toml")
                    venue.create(path, test_clock=True, now=NOW)
                    with venue.open(path) as engine:
                        engine.import_(SEASON)
                    done = subprocess.run(
                        [sys.executable, "-W", "error", "-c", piece],
                        cwd=folder, env=os.environ, capture_output=True, text=True,
                    )
                    self.assertEqual((done.returncode, done.stderr), (0, ""), piece)
                    self.assertTrue(done.stdout, piece)
                    with venue.open(path) as engine:
                        self.assertTrue(engine.doctor()["ok"])
