# SPDX-License-Identifier: Apache-2.0
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import count_results  # noqa: E402
import plain_result  # noqa: E402


def counted(stdout, result="OK"):
    return count_results.counts({"name": "t", "stdout": stdout, "result": result})


class Counting(unittest.TestCase):
    def test_cpputest_that_passed(self):
        self.assertEqual((13, 0, 2), counted(
            "..!!.\nOK (15 tests, 13 ran, 40 checks, 2 ignored, 0 filtered out, 3 ms)\n\n"))

    def test_cpputest_that_failed(self):
        self.assertEqual((14, 1, 0), counted(
            "Errors (1 failures, 15 tests, 15 ran, 40 checks, 0 ignored, 0 filtered out, 3 ms)\n",
            "FAIL"))

    def test_cpputest_in_colours(self):
        self.assertEqual((3, 0, 0), counted("\x1b[32;1mOK (3 tests, 3 ran, 3 checks, 0 ignored, "
                                            "0 filtered out, 0 ms)\x1b[m\n"))

    def test_cpputest_that_ran_nothing_is_a_failure(self):
        self.assertEqual((0, 1, 0), counted(
            "Errors (ran nothing, 5 tests, 0 ran, 0 checks, 0 ignored, 5 filtered out, 0 ms)\n",
            "FAIL"))

    def test_the_plain_line(self):
        self.assertEqual((5, 0, 0), counted("hello\n5 passed, 0 failed\n"))
        self.assertEqual((5, 1, 2), counted("5 passed, 1 failed, 2 skipped\n", "FAIL"))

    def test_a_number_inside_a_sentence_is_no_count(self):
        self.assertEqual((1, 0, 0), counted("of these 5 passed, 0 failed and\n"))

    def test_a_crash_without_a_summary_is_one_failure(self):
        self.assertEqual((0, 1, 0), counted("Segmentation fault\n", "FAIL"))
        self.assertEqual((0, 1, 0), counted("", "TIMEOUT"))

    def test_a_failure_after_a_clean_summary_is_one_failure_more(self):
        self.assertEqual((15, 1, 0), counted(
            "OK (15 tests, 15 ran, 40 checks, 0 ignored, 0 filtered out, 3 ms)\nLeakSanitizer\n",
            "FAIL"))

    def test_a_program_that_says_nothing_is_one_test(self):
        self.assertEqual((1, 0, 0), counted(""))
        self.assertEqual((0, 0, 1), counted("", "SKIP"))

    def test_no_log_means_that_nothing_ran(self):
        with tempfile.TemporaryDirectory() as directory:
            self.assertEqual([], count_results.entries(pathlib.Path(directory) / "testlog.json"))


if __name__ == "__main__":
    plain_result.main()
