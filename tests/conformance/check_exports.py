#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A plugin exports its descriptor and nothing else: check_exports.py PLUGIN.so..."""

import subprocess
import sys

SANITIZERS = ("__asan", "__ubsan", "__tsan", "__odr_asan")


def exported(plugin):
    lines = subprocess.run(["nm", "-D", "--defined-only", plugin], check=True,
                           capture_output=True, text=True).stdout.splitlines()
    names = {line.split()[-1] for line in lines}
    return {name for name in names if not name.startswith(SANITIZERS)}


def main():
    wrong = 0
    for plugin in sys.argv[1:]:
        names = exported(plugin)
        if names != {"kms_secretd_plugin"}:
            print(f"{plugin}: exports {sorted(names)}, expected kms_secretd_plugin only")
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main())
