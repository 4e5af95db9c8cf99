"""Several processes on one file: the command line beside Python, and a process that is killed while it sells."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import unittest
from typing import Any

import venue

from .box_office import EXAMPLES, SLOT, BoxOffice

COMMAND = os.environ.get("VENUE_COMMAND", str(EXAMPLES.parent / "target" / "release" / "venue"))

SELLER = """
import sys, venue
with venue.open(sys.argv[1]) as engine:
    while True:
        booking = engine.sell(sys.argv[2], area="Empore", quantity=2)
        print(booking["id"], flush=True)
        engine.cancel(booking["id"])
"""


class Processes(BoxOffice):
    def command(self, *arguments: str) -> tuple[int, list[Any]]:
        """What the command line answers: its exit code, and its lines as JSON."""
        done = subprocess.run(
            [COMMAND, "--db", str(self.path), "--json", *arguments], capture_output=True, text=True
        )
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]

    @unittest.skipUnless(os.access(COMMAND, os.X_OK), "the command line is not built")
    def test_the_command_line_and_python_sell_from_one_file(self) -> None:
        code, lines = self.command("hold", SLOT, "--seats", "C-4,C-5")
        self.assertEqual(code, 0)
        with self.assertRaises(venue.Refused) as no:
            self.engine.sell(SLOT, seats=["C-5", "C-6"])
        self.assertEqual(no.exception.details["seats"], [{"seat": "C-5", "why": "held"}])
        booking = self.engine.confirm(lines[0]["data"]["reference"])
        code, lines = self.command("booking", "show", booking["reference"])
        self.assertEqual((code, lines[0]["data"]), (0, booking))
        code, lines = self.command("sell", SLOT, "--seats", "C-4")
        self.assertEqual((code, lines[0]["data"]["code"]), (1, "seats_taken"))
        code, lines = self.command("feed")
        self.assertEqual((code, [line["data"] for line in lines[:-1]]), (0, list(self.engine.feed())))

    def test_a_seller_that_is_killed_leaves_whole_bookings_and_holds_up_nobody(self) -> None:
        for _ in range(3):
            seller = subprocess.Popen(
                [sys.executable, "-c", SELLER, str(self.path), SLOT], stdout=subprocess.PIPE, text=True
            )
            assert seller.stdout is not None
            told = [seller.stdout.readline().strip() for _ in range(3)]
            os.kill(seller.pid, signal.SIGKILL)
            told += seller.communicate()[0].split()
            # What it was told is there, and whatever it was doing was done whole or not at all.
            for booking in told:
                units = self.engine.booking(booking)["units"]
                self.assertEqual([unit["quantity"] for unit in units], [2])
            self.assertTrue(self.engine.doctor()["ok"])
            sold = self.engine.availability(SLOT)["sold"]
            self.assertEqual(len(list(self.engine.bookings(state="confirmed"))) * 2, sold)
            for booking in self.engine.bookings(state="confirmed"):
                self.engine.cancel(booking["id"])
