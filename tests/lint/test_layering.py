# SPDX-License-Identifier: Apache-2.0
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import layering  # noqa: E402
import plain_result  # noqa: E402

PAGE = """
# A page
| not | this table |
|---|---|
| core | everything |

### Who may use whom (a lint test reads this)

| room | may use |
|---|---|
| include/kms-secretd | standard library |
| core | SDK |
| platform | SDK, POSIX, OpenSSL, Boost.Beast's http (one source file), libsystemd; turns Poco into ours |
| schedule, plan | core |
| kube | core, apply's interface, platform (not its sockets), Boost.JSON and yaml-cpp |
| apply | core |
| cycle | core and the stages |
| app | everything; used only by main and by system tests |
| plugins/* | SDK, plugins/alicloud, OpenSSL; never daemon/ |

| another | table |
"""


class Layering(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)
        self.names = []

    def plant(self, name, *lines):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(["// SPDX", *lines]) + "\n")
        self.names.append(pathlib.PurePosixPath(name))

    def problems(self):
        return layering.check(self.root, self.names, layering.read_table(PAGE))

    def refused(self, name, line, why=""):
        self.plant(name, line)
        found = self.problems()
        self.assertEqual(1, len(found), found)
        self.assertIn(f"{name}:2:", found[0])
        self.assertIn(why, found[0])

    def allowed(self, name, *lines):
        self.plant(name, *lines)
        self.assertEqual([], self.problems())

    def test_every_room_may_use_itself_and_the_standard_library(self):
        self.allowed("daemon/plan/a.cpp", '#include "plan/a.hpp"', "#include <vector>",
                     "#include <cstdint>", "  #  include <string_view>")

    def test_core_brings_the_sdk_with_it(self):
        self.allowed("daemon/plan/a.cpp", '#include "core/plan.hpp"',
                     "#include <kms-secretd/clock.hpp>")

    def test_an_upward_include_is_refused_with_its_place(self):
        self.refused("daemon/plan/a.cpp", '#include "apply/perform.hpp"', "plan may not use it")

    def test_core_may_not_use_a_room(self):
        self.refused("daemon/core/a.hpp", '#include "platform/files.hpp"')

    def test_a_pure_room_may_not_use_the_system(self):
        self.refused("daemon/plan/a.cpp", "#include <unistd.h>", "POSIX")

    def test_who_may_use_posix_may_not_use_a_foreign_library_by_that(self):
        self.refused("daemon/platform/a.cpp", "#include <yaml-cpp/yaml.h>")

    def test_a_library_that_the_row_does_not_list_is_refused(self):
        self.refused("daemon/apply/a.cpp", "#include <boost/json/value.hpp>")

    def test_a_library_that_nobody_lists_is_refused(self):
        self.refused("daemon/kube/a.cpp", "#include <curl/curl.h>", "POSIX")

    def test_what_stands_behind_the_semicolon_allows_nothing(self):
        self.refused("daemon/platform/a.cpp", "#include <Poco/Net/Context.h>")

    def test_an_interface_of_a_room_is_not_the_room(self):
        self.refused("daemon/kube/a.cpp", '#include "apply/perform.hpp"')

    def test_an_interface_of_a_room_may_be_used(self):
        self.allowed("daemon/kube/a.cpp", '#include "apply/kube_api.hpp"',
                     "#include <yaml-cpp/yaml.h>", "#include <boost/json/value.hpp>")

    def test_one_source_file_means_one(self):
        self.plant("daemon/platform/a.cpp", "#include <boost/beast/http/fields.hpp>")
        self.assertEqual([], self.problems())
        self.plant("daemon/platform/b.cpp", "#include <boost/beast/http/fields.hpp>")
        self.assertIn("one source file", self.problems()[0])

    def test_a_plugin_never_uses_the_daemon(self):
        self.refused("plugins/kms-endpoint/a.cpp", '#include "core/names.hpp"')

    def test_a_plugin_uses_the_sdk_the_shared_pieces_and_itself(self):
        self.allowed("plugins/kms-endpoint/a.cpp", '#include "alicloud/nonce.hpp"',
                     '#include "kms-endpoint/a.hpp"', "#include <kms-secretd/plugin.hpp>")

    def test_a_plugin_does_not_use_another_plugin(self):
        self.refused("plugins/file/a.cpp", '#include "kms-endpoint/a.hpp"')

    def test_only_main_uses_app(self):
        self.allowed("daemon/main.cpp", '#include "app/daemon.hpp"')
        self.refused("daemon/cycle/a.cpp", '#include "app/daemon.hpp"')

    def test_app_uses_everything(self):
        self.allowed("daemon/app/a.cpp", '#include "kube/x.hpp"', "#include <Poco/Exception.h>")

    def test_the_sdk_uses_the_standard_library_only(self):
        self.refused("include/kms-secretd/a.hpp", '#include "core/names.hpp"')

    def test_a_relative_path_is_refused_even_into_a_room_that_may_be_used(self):
        self.refused("daemon/plan/a.cpp", '#include "../core/plan.hpp"', "relative")

    def test_a_room_without_a_row_is_refused(self):
        self.plant("daemon/attic/a.cpp")
        self.assertIn("attic has no row", self.problems()[0])

    def test_a_term_that_the_check_does_not_know_is_an_error(self):
        with self.assertRaisesRegex(layering.TableError, "libfoo 2"):
            layering.read_table(PAGE.replace("libsystemd", "libfoo 2"))

    def test_a_page_without_the_table_is_an_error(self):
        with self.assertRaises(layering.TableError):
            layering.read_table("# Nothing\n")


if __name__ == "__main__":
    plain_result.main()
