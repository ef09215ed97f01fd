# SPDX-License-Identifier: Apache-2.0
"""A Python environment with the vendor's SDKs, built once and kept in the cache."""

import contextlib
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements.txt"
INSTANCE_REQUIREMENTS = HERE / "requirements_instance.txt"


class Unavailable(Exception):
    """Neither the cache nor the registry has the SDK; the message says what was tried."""


def cache_directory():
    default = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    root = os.environ.get("KMS_SECRETD_CACHE") or default / "kms-secretd"
    return pathlib.Path(root) / "vendor-sdk"


def python(requirements=REQUIREMENTS):
    """The interpreter of an environment with these requirements; raises Unavailable.

    Built from the cached wheels if they are there, from the registry otherwise; the wheels then
    stay in the cache. Another set of versions or another interpreter is another environment.
    """
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]
    home = cache_directory() / f"python{version}-{digest}"
    try:
        home.mkdir(parents=True, exist_ok=True)
        with _locked(home / "lock"):
            return _ready(home, requirements)
    except OSError as error:
        raise Unavailable(f"the cache cannot be used: {error}") from error


def _ready(home, requirements):
    interpreter = home / "venv" / "bin" / "python"
    if not (home / "complete").exists():
        shutil.rmtree(home / "venv", ignore_errors=True)
        _run([sys.executable, "-m", "venv", home / "venv"], "make a virtual environment")
        if not (home / "wheels-complete").exists():
            _fetch_wheels(home, interpreter, requirements)
        _run([interpreter, "-m", "pip", "install", "--quiet", "--no-index", "--find-links",
              home / "wheels", "--requirement", requirements], "install the cached wheels")
        (home / "complete").touch()
    return interpreter


def _fetch_wheels(home, interpreter, requirements):
    shutil.rmtree(home / "wheels", ignore_errors=True)
    _run([interpreter, "-m", "pip", "--retries", "1", "--timeout", "20", "wheel", "--quiet",
          "--requirement", requirements, "--wheel-dir", home / "wheels"],
         "fetch the SDK from the package registry")
    (home / "wheels-complete").touch()


def _run(argv, purpose):
    try:
        done = subprocess.run([str(word) for word in argv], stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600,
                              check=False)
    except subprocess.TimeoutExpired:
        raise Unavailable(f"cannot {purpose}: not done within 10 minutes") from None
    if done.returncode != 0:
        lines = [line for line in done.stdout.splitlines() if line.strip()]
        raise Unavailable(f"cannot {purpose}: {lines[-1] if lines else done.returncode}")


@contextlib.contextmanager
def _locked(path):
    with open(path, "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
