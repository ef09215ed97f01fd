# SPDX-License-Identifier: Apache-2.0
"""Every row of the write table against the real kube-apiserver, by the program that also runs
against the in-tree double (tests/contract): the double may not do what the real one does not."""

import os
import re
import subprocess

from harness.suite import CHECKOUT, EndToEndTest, build_dir

SOURCES = [source for source in sorted((CHECKOUT / "tests" / "contract").glob("*_test.cpp"))
           if source.name != "double_test.cpp"]  # what only the double offers


class ContractTest(EndToEndTest):
    def run_group(self, group):
        kubeconfig = self.cluster.kubeconfig(self.directory / "kubeconfig",
                                             self.cluster.admin_identity)
        done = subprocess.run(
            [build_dir() / "tests" / "contract" / "contract-kube", "-sg", group],
            env={**os.environ, "KMS_SECRETD_CONTRACT_KUBECONFIG": str(kubeconfig)},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=300)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        self.assertIn(self.cluster.server, done.stdout)
        self.assertRegex(done.stdout, r"OK \([1-9]\d* tests, [1-9]\d* ran")


def _test_of(group):
    def test(self):
        self.run_group(group)
    return test


def _name_of(group):
    words = re.sub(r"(?<!^)(?=[A-Z])", "_", group.removeprefix("Contract")).lower()
    return f"test_the_real_server_fulfils_the_contract_of_{words}"


for _source in SOURCES:
    for _group in re.findall(r"(?m)^TEST_GROUP\((\w+)\)", _source.read_text(encoding="utf-8")):
        setattr(ContractTest, _name_of(_group), _test_of(_group))
