# SPDX-License-Identifier: Apache-2.0
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import changes  # noqa: E402
import plain_result  # noqa: E402
import sizes  # noqa: E402
import texts  # noqa: E402
import tree  # noqa: E402


class Checkout(unittest.TestCase):
    """A git checkout with planted files."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments, date="2020-01-01T00:00:00Z"):
        subprocess.run(["git", "-C", str(self.root), "-c", "user.name=t", "-c", "user.email=t@t",
                        *arguments], check=True, capture_output=True,
                       env={"GIT_COMMITTER_DATE": date, "GIT_AUTHOR_DATE": date,
                            "PATH": "/usr/bin:/bin", "HOME": str(self.root)})

    def plant(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        self.git("add", "-f", name)
        return pathlib.PurePosixPath(name)

    def commit(self, date):
        self.git("commit", "-q", "-m", "x", date=date)


def function(name, lines):
    return f"int {name}(int a)\n{{\n" + "  ++a;\n" * (lines - 4) + "  return a;\n}\n"


@unittest.skipUnless(shutil.which("ctags"), "universal-ctags is not installed")
class FunctionSizes(Checkout):
    def problems(self):
        return sizes.check(self.root, tree.tracked(self.root))

    def test_sixty_lines_are_enough(self):
        self.plant("daemon/a.cpp", function("fits", 60))
        self.assertEqual([], self.problems())

    def test_sixty_one_are_too_many(self):
        self.plant("daemon/a.cpp", "\n" + function("tooLong", 61))
        self.assertEqual(["daemon/a.cpp:2: tooLong has 61 lines, over 60"], self.problems())

    def test_a_function_in_a_header_and_a_test_count_too(self):
        self.plant("daemon/a.hpp", "class A {\n" + function("inside", 61) + "};\n")
        self.plant("tests/unit/t.cpp", "TEST(Group, Name) {\n" + "  f();\n" * 60 + "}\n")
        self.assertEqual(2, len(self.problems()))

    def test_a_lambda_counts_inside_its_parent(self):
        self.plant("a.cpp", "void f() {\n  auto g = [] {\n" + "    h();\n" * 55 + "  };\n" +
                   "  g();\n" * 5 + "}\n")
        self.assertEqual(1, len(self.problems()))

    def test_a_long_python_function_is_found(self):
        self.plant("tests/a.py", "def f():\n" + "    x = 1\n" * 60)
        self.assertEqual(1, len(self.problems()))

    def test_sources_end_at_five_hundred_lines_and_headers_at_two_hundred_and_fifty(self):
        self.plant("a.cpp", "// x\n" * 500)
        self.plant("a.hpp", "// x\n" * 250)
        self.assertEqual([], self.problems())
        self.plant("b.cpp", "// x\n" * 501)
        self.plant("b.hpp", "// x\n" * 251)
        self.assertEqual(["b.cpp:1: 501 lines, over 500", "b.hpp:1: 251 lines, over 250"],
                         self.problems())

    def test_fixtures_and_data_have_no_budget(self):
        self.plant("tests/fixtures/a.cpp", "// x\n" * 600)
        self.plant("data.json", "{}\n" * 600)
        self.assertEqual([], self.problems())


class Texts(Checkout):
    def licences(self):
        return list(texts.missing_licence(self.root, tree.tracked(self.root)))

    def forbidden(self):
        return list(texts.forbidden_text(self.root, tree.tracked(self.root)))

    def test_the_licence_stands_in_the_first_line(self):
        self.plant("a.cpp", f"// {texts.LICENCE}\n")
        self.plant("dev", f"#!/usr/bin/env bash\n# {texts.LICENCE}\n")
        self.assertEqual([], self.licences())

    def test_a_file_without_it_is_named(self):
        self.plant("a.cpp", f"\n// {texts.LICENCE}\n")
        self.plant("b.py", "")
        self.plant("daemon/meson.build", "x = 1\n")
        self.plant("dev", "#!/bin/bash\n")
        self.assertEqual(4, len(self.licences()))

    def test_data_and_fixtures_need_none(self):
        self.plant("a.json", "{}\n")
        self.plant("tests/fixtures/a.cpp", "x\n")
        self.assertEqual([], self.licences())

    def test_paths_of_a_machine_are_found(self):
        self.plant("a.md", "see " + "/wo" + "rk/main/x\n\nor " + "/ho" + "me/joe/x\n")
        self.assertEqual(["a.md:1:", "a.md:3:"], [line.split(" ")[0] for line in self.forbidden()])

    def test_paths_that_only_look_alike_are_not(self):
        self.plant("a.md", "frame" + "work/x, tests/wo" + "rk/x, $HO" + "ME/wo" + "rk/x\n")
        self.assertEqual([], self.forbidden())

    def test_hosts_of_registries_are_found_in_any_text_file(self):
        self.plant("a.sh", "curl https://" + "pypi" + ".org/simple\n")
        self.plant("b.txt", "files.python" + "hosted.org\n")
        self.assertEqual(2, len(self.forbidden()))

    def test_binary_files_are_not_read(self):
        path = self.plant("a.bin", "")
        (self.root / path).write_bytes(b"\0/wo" + b"rk/x")
        self.assertEqual([], self.forbidden())


class Changes(Checkout):
    def setUp(self):
        super().setUp()
        self.plant("daemon/old.cpp", "1\n")
        self.plant("daemon/kept.cpp", "1\n")
        self.commit("2020-01-01T00:00:00Z")

    def changed(self):
        with unittest.mock.patch.dict("os.environ", clear=False) as environment:
            environment.pop("KMS_SECRETD_LINT_BASE", None)
            return [str(name) for name in changes.changed_files(self.root)]

    def test_a_first_landing_is_all_new(self):
        self.assertEqual(["daemon/kept.cpp", "daemon/old.cpp"], self.changed())

    def test_what_the_last_hours_touched_has_changed(self):
        self.plant("daemon/old.cpp", "2\n")
        self.commit("2020-01-02T00:00:00Z")
        self.plant("daemon/new.cpp", "1\n")
        self.commit("2020-01-02T01:00:00Z")
        self.assertEqual(["daemon/new.cpp", "daemon/old.cpp"], self.changed())

    def test_what_is_not_committed_yet_has_changed_too(self):
        self.plant("daemon/new.cpp", "1\n")
        self.commit("2020-01-02T00:00:00Z")
        self.plant("daemon/kept.cpp", "2\n")
        self.assertIn("daemon/kept.cpp", self.changed())

    def test_a_changed_header_is_seen_through_its_source_and_the_product_comes_first(self):
        every = [pathlib.PurePosixPath(name) for name in
                 ("tests/unit/t.cpp", "daemon/a.cpp", "daemon/a.hpp", "daemon/b.cpp")]
        changed = [every[0], every[2]]
        self.assertEqual(["daemon/a.cpp", "tests/unit/t.cpp"],
                         [str(name) for name in changes.sources_for(changed, every)])


class Tree(Checkout):
    def test_shell_scripts_are_known_by_their_first_line(self):
        scripts = [self.plant("dev", "#!/usr/bin/env bash\n"), self.plant("run", "#!/bin/sh -e\n"),
                   self.plant("x.sh", "")]
        others = [self.plant("tool", "#!/usr/bin/env python3\n"), self.plant("notes", "bash\n")]
        self.assertEqual([True] * 3, [tree.is_shell(self.root, name) for name in scripts])
        self.assertEqual([False] * 2, [tree.is_shell(self.root, name) for name in others])

    def test_what_git_does_not_track_is_not_looked_at(self):
        self.plant("a.cpp", "")
        (self.root / "litter.cpp").write_text("")
        self.assertEqual(["a.cpp"], [str(name) for name in tree.tracked(self.root)])


if __name__ == "__main__":
    plain_result.main()
