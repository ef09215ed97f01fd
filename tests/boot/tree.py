# SPDX-License-Identifier: Apache-2.0
"""A bare Debian 12 with systemd to boot: made once by debootstrap, kept in the cache."""

import contextlib
import fcntl
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

SUITE = "bookworm"
BASE = ["systemd", "systemd-sysv", "dbus", "libpam-systemd", "ca-certificates"]


class TreeError(Exception):
    """The tree cannot be made here; the message says why."""


def cache_dir():
    named = os.environ.get("KMS_SECRETD_CACHE")
    if named:
        return pathlib.Path(named)
    home = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(home) / "kms-secretd"


def field(deb, name):
    done = subprocess.run(["dpkg-deb", "-f", str(deb), name], capture_output=True, text=True,
                          check=True)
    return done.stdout.strip()


def dependencies(debs):
    """What the packages need beside each other: the machine that boots has no network."""
    own = {field(deb, "Package") for deb in debs}
    wanted = set(BASE)
    for deb in debs:
        for clause in filter(None, field(deb, "Depends").split(",")):
            first = re.split(r"[\s|(:]", clause.strip())[0]
            if first not in own:
                wanted.add(first)
    return sorted(wanted)


def _mirror():
    """Where this machine's own apt fetches Debian from."""
    done = subprocess.run(["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE)",
                           "Created-By: Packages"], capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        site, _, release = line.partition(" ")
        if release == SUITE:
            return site
    raise TreeError(f"apt on this machine knows no source of Debian {SUITE}")


def _build(target, packages):
    command = ["debootstrap", "--variant=minbase", "--include=" + ",".join(packages), SUITE,
               str(target), _mirror()]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    if done.returncode != 0:
        raise TreeError("debootstrap failed:\n" + "\n".join(done.stdout.splitlines()[-15:]))
    shutil.rmtree(target / "var/cache/apt/archives", ignore_errors=True)
    shutil.rmtree(target / "var/lib/apt/lists", ignore_errors=True)
    (target / "etc/apt/sources.list").write_text("# No network where this boots.\n")
    (target / "etc/hostname").write_text("node-1\n")


def cached_tree(packages):
    """The path of a tree with these packages; never to be changed."""
    cache = cache_dir()
    cache.mkdir(parents=True, exist_ok=True)
    key = hashlib.sha256(" ".join([SUITE, *packages]).encode()).hexdigest()[:12]
    tree = cache / f"boot-tree-{key}"
    with open(cache / f"boot-tree-{key}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not tree.exists():
            print(f"making a Debian {SUITE} tree in the cache (some minutes)", flush=True)
            with tempfile.TemporaryDirectory(prefix="boot-tree.", dir=cache) as work:
                _build(pathlib.Path(work) / "tree", packages)
                os.rename(pathlib.Path(work) / "tree", tree)
    return tree


@contextlib.contextmanager
def copied_tree(packages):
    """A tree to boot and to throw away."""
    source = cached_tree(packages)
    with tempfile.TemporaryDirectory(prefix="kms-secretd-boot-", dir=cache_dir()) as work:
        copy = pathlib.Path(work) / "node"
        subprocess.run(["cp", "-a", "--reflink=auto", str(source), str(copy)], check=True)
        yield copy
