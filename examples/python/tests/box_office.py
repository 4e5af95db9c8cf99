"""A box office for a test: a file of its own with the season of the story in it."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import venue

EXAMPLES = Path(__file__).parents[2]
SEASON = EXAMPLES / "data" / "kino-season.toml"
SLOT = "metropolis@2027-01-07T20:00"
NOW = "2027-01-01T12:00:00Z"


class BoxOffice(unittest.TestCase):
    """Gives every test an open engine on a file with a test clock, and looks at the end whether all is well."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.path = self.folder / "kino.venue"
        venue.create(self.path, test_clock=True, now=NOW)
        self.engine = venue.open(self.path)
        self.engine.import_(SEASON)

    def tearDown(self) -> None:
        self.engine.close()
        with venue.open(self.path) as engine:
            self.assertEqual([check for check in engine.doctor()["checks"] if not check["ok"]], [])

    def free(self) -> int:
        """How many units can be had."""
        return self.engine.availability(SLOT)["free"]
