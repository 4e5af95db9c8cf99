"""Where the library is looked for, and what is said when it is not the right one."""

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
from venue._library import ABI_VERSION, Library, library
from venue.errors import LibraryNotFound

from .box_office import EXAMPLES

STRANGER = """
#include <stdint.h>
uint32_t venue_abi_version(void) { return %d; }
"""


class Finding(unittest.TestCase):
    def python(self, code: str, **environment: str) -> str:
        """Runs Python with nothing of ours in its environment but this."""
        clean = {name: value for name, value in os.environ.items() if name != "VENUE_LIBRARY"}
        done = subprocess.run(
            [sys.executable, "-c", code], env={**clean, **environment}, capture_output=True, text=True
        )
        return done.stdout + done.stderr

    def test_the_library_has_this_packages_version(self) -> None:
        self.assertTrue(re.fullmatch(r"\d+\.\d+\.\d+.*", venue.library_version()))
        header = (EXAMPLES.parent / "venue-ffi" / "include" / "venue.h").read_text()
        self.assertIn(f"#define VENUE_ABI_VERSION {ABI_VERSION}\n", header)

    def test_a_library_that_is_not_there_is_named(self) -> None:
        said = self.python("import venue; venue.library_version()", VENUE_LIBRARY="/no/such/libvenue.so")
        self.assertIn("LibraryNotFound", said)
        self.assertIn("/no/such/libvenue.so", said)
        self.assertIn("cargo build", said)

    def test_a_library_beside_the_package_is_found(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            package = Path(folder) / "venue"
            shutil.copytree(Path(venue.__file__).parent, package)
            shutil.copy(library().path, package / "libvenue.so.1")
            code = "import sys; sys.path.insert(0, sys.argv[1]); import venue; print(venue._library.library().path)"
            clean = {name: value for name, value in os.environ.items() if name != "VENUE_LIBRARY"}
            done = subprocess.run(
                [sys.executable, "-c", code.replace("sys.argv[1]", repr(folder))],
                env=clean, capture_output=True, text=True, check=True,
            )
            self.assertEqual(done.stdout.strip(), str(package / "libvenue.so.1"))

    @unittest.skipUnless(shutil.which("cc"), "a library of another interface is made with a C compiler")
    def test_another_binary_interface_is_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for number, words in ((ABI_VERSION + 1, "binary interface"), (ABI_VERSION, "not this package's")):
                source, built = Path(folder) / "s.c", Path(folder) / f"libvenue{number}.so"
                source.write_text(STRANGER % number)
                subprocess.run(["cc", "-shared", "-fPIC", "-o", built, source], check=True)
                with self.assertRaisesRegex(LibraryNotFound, words):
                    Library(str(built))
