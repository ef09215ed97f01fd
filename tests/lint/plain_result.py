# SPDX-License-Identifier: Apache-2.0
"""Runs a unittest module so that its last line is "N passed, N failed, N skipped"."""

import sys
import unittest


def main():
    sys.dont_write_bytecode = True
    result = unittest.main(exit=False, verbosity=1).result
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    skipped = len(result.skipped)
    print(f"{result.testsRun - failed - skipped} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed or result.testsRun == 0 else 0)
