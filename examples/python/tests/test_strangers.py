"""What the page says of Python's own sqlite3 is so."""

from __future__ import annotations

import sqlite3

import venue

from .box_office import SLOT, BoxOffice


class Strangers(BoxOffice):
    def test_sales_stop_and_none_is_lost_when_sqlite3_opened_the_same_file(self) -> None:
        self.engine.sell(SLOT, seats=["A-1"])
        stranger = sqlite3.connect(self.path)
        stranger.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        stranger.close()
        with self.assertRaises(venue.Storage) as no:
            self.engine.sell(SLOT, seats=["A-2"])
        self.assertEqual(no.exception.code, "moved")
        self.engine.close()
        with venue.open(self.path) as engine:
            self.assertEqual(engine.availability(SLOT)["sold"], 1)
            self.assertEqual(engine.sell(SLOT, seats=["A-2"])["state"], "confirmed")

    def test_a_copy_is_anybodys(self) -> None:
        self.engine.sell(SLOT, seats=["A-1"])
        copy = sqlite3.connect(self.engine.backup(self.folder / "report.venue")["file"])
        self.assertEqual(copy.execute("PRAGMA integrity_check").fetchone(), ("ok",))
        copy.close()
        self.assertEqual(self.engine.sell(SLOT, seats=["A-2"])["state"], "confirmed")
