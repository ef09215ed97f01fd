# SPDX-License-Identifier: Apache-2.0
"""What stands around the machine: KMS, an API server, the packages, and a configuration."""

import pathlib
import shutil
import subprocess
import tempfile
import threading

from harness.api import secret_path
from harness.canaries import Canaries
from harness.cluster import Cluster
from harness.emulator import Emulator
from harness.suite import build_dir
from tree import field

NAMESPACE = "payments"
ETC = "/etc/kms-secretd"
OLDER = "0.0.9-1"

# There is no route whose address could be told to others, and nobody to tell it.
NO_NETWORK = ["--advertise-address=192.0.2.1", "--endpoint-reconciler-type=none"]
FILES_AUTH = (f'{{ type = "access_key", id = {{ file = "{ETC}/ak-id" }}, '
              f'secret = {{ file = "{ETC}/ak-secret" }} }}')
CREDENTIALS_AUTH = ('{ type = "access_key", id = { credential = "ak-id" }, '
                    'secret = { credential = "ak-secret" } }')


def repacked(deb, directory, version):
    """The same package with another version, as an older release of it would have been."""
    with tempfile.TemporaryDirectory() as work:
        root = pathlib.Path(work) / "root"
        subprocess.run(["dpkg-deb", "-R", str(deb), str(root)], check=True)
        control = root / "DEBIAN/control"
        control.write_text(control.read_text().replace(field(deb, "Version"), version))
        target = directory / f"{field(deb, 'Package')}_{version}.deb"
        subprocess.run(["dpkg-deb", "--root-owner-group", "-b", str(root), str(target)],
                       check=True, stdout=subprocess.DEVNULL)
    return target


class Node:
    """The machine with its peers. Files are put into it as an admin puts them."""

    def __init__(self, machine, debs, work):
        self.machine = machine
        self.work = work
        self.kms = Emulator(build_dir(), work / "kms")
        self.cluster = Cluster(work / "cluster", NO_NETWORK)
        self._debs = debs
        self._secrets = []
        self.auth = FILES_AUTH
        self.planted = []
        self.canaries = Canaries()  # what package scripts could see and must not say

    def start(self):
        self.kms.start()
        self.cluster.start()
        self.api = self.cluster.admin()
        self.api.create_namespace(NAMESPACE)
        self.planted.append(self.kms.access_key["secret"])
        shelf = self.machine.tree / "var/tmp/debs"
        for name in ("old", "new"):
            (shelf / name).mkdir(parents=True)
        for deb in self._debs:
            shutil.copy(deb, shelf / "new")
            repacked(deb, shelf / "old", OLDER)

    def stop(self):
        self.cluster.stop()
        self.kms.kill()

    def packages(self, shelf):
        """Paths of daemon and plugins in the machine."""
        found = sorted((self.machine.tree / "var/tmp/debs" / shelf).glob("*.deb"))
        return [f"/var/tmp/debs/{shelf}/{path.name}" for path in found]

    def plant(self, name, value, known=False):
        """A secret in KMS, or its next version."""
        self.planted.append(value)
        if known:
            self.kms.put(name, value)
        else:
            self.kms.put_secret(name, value)

    def plant_on_the_disk(self):
        """Values, keys and tokens wherever the daemon has files; returns those files."""
        plant, token = self.canaries.plant, self.canaries.plant("token", 200)
        key = "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n"
        files = {
            f"{ETC}/conf.d/planted.toml": f"# {plant('configuration')}\n",
            f"{ETC}/planted-client.key": key.format(plant("key", 64)),
            "/etc/credstore/planted": plant("credential"),
            "/etc/default/kms-secretd": f"PLANTED={plant('environment')}\n",
            "/var/lib/kms-secretd/planted-token": token,
            "/var/lib/kms-secretd/planted-value": plant("state")}
        for path, text in files.items():
            self.machine.write(path, text, 0o640, "kms-secretd")
        for number, value in enumerate(self.planted):
            self.canaries.known(f"value or key {number}", value)
        return list(files)

    def shown_by_packages(self):
        """Which canaries show in what package scripts, apt, dpkg and the journal wrote."""
        logs = [self.machine.tree / "var/log" / name
                for name in ("dpkg.log", "apt/term.log", "apt/history.log", "alternatives.log")]
        texts = self.machine.package_words + [path.read_text(errors="replace")
                                              for path in logs if path.exists()]
        texts.append(self.machine.run("journalctl", "--no-pager", "-o", "export"))
        return self.canaries.shown_in("\n".join(texts))

    def install_a_package_that_tells(self, path):
        """One whose postinst prints that file: what a search for it must find."""
        scripts = "/var/tmp/telling/DEBIAN"
        self.machine.write(f"{scripts}/control",
                           "Package: telling\nVersion: 1\nArchitecture: all\n"
                           "Maintainer: nobody <nobody@localhost>\nDescription: tells all\n")
        self.machine.write(f"{scripts}/postinst", f"#!/bin/sh\ncat {path}\n", 0o755)
        self.machine.run("chmod", "755", scripts)
        self.machine.run("dpkg-deb", "-b", "/var/tmp/telling", "/var/tmp/telling.deb")
        self.machine.run("apt-get", "-qy", "install", "/var/tmp/telling.deb")

    # The configuration.

    def write_login(self):
        """Kubeconfig, access key and the CA of KMS, as files that only the daemon may read."""
        identity = self.cluster.authority.client("kms-secretd")
        path = self.cluster.kubeconfig(self.work / "kubeconfig", identity)
        write = self.machine.write
        write(f"{ETC}/kubeconfig", path.read_text(), 0o640, "kms-secretd")
        write(f"{ETC}/kms-ca.pem", pathlib.Path(self.kms.ca_file).read_text(), 0o644)
        for part in ("id", "secret"):
            write(f"{ETC}/ak-{part}", self.kms.access_key[part] + "\n", 0o640, "kms-secretd")

    def configure(self, *secrets, more=""):
        """Replaces the configuration: one Secret for each (name, source)."""
        self._secrets = secrets or self._secrets
        text = (f'[polling]\ninterval = "5s"\n[kubernetes]\nkubeconfig = "{ETC}/kubeconfig"\n'
                f'[store.shared]\nbackend = "kms-endpoint"\nendpoint = "{self.kms.host}"\n'
                f'custom_endpoint = true\nca_file = "{ETC}/kms-ca.pem"\nauth = {self.auth}\n')
        for name, source in self._secrets:
            text += (f'[[secret]]\nnamespace = "{NAMESPACE}"\nname = "{name}"\n'
                     f'[[secret.data]]\nsource = "{source}"\nkey = "value"\n')
        self.machine.write(f"{ETC}/kms-secretd.toml", text + more, 0o640, "kms-secretd")

    def grant(self):
        """The rights that the daemon itself says it needs, and no more."""
        self.api.apply_manifest(self.machine.run("kms-secretd", "--print-rbac"))

    # The Secret.

    def value(self, name="db"):
        """The bytes that stand in the cluster; None while the Secret is not there."""
        reply = self.api.request("GET", secret_path(NAMESPACE, name))
        return self.api.secret_data(NAMESPACE, name)["value"].decode() if reply.ok else None

    def version(self, name="db"):
        return self.api.secret(NAMESPACE, name)["metadata"]["resourceVersion"]

    def wait_for_value(self, value, name="db"):
        self.machine.wait_for(lambda: self.value(name) == value,
                              f"{NAMESPACE}/{name} has its new value")

    def status(self):
        """The status line of the unit."""
        return self.machine.show("StatusText")

    def wait_for_status(self, text, timeout=60.0):
        return self.machine.wait_for(lambda: text in self.status() and self.status(),
                                     f"the status line has {text!r}", timeout)


class Observer:
    """Looks at a Secret all the time, while something else happens. A context manager."""

    def __init__(self, node, name="db"):
        self._node, self._name = node, name
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.seen, self.looks = set(), 0

    def _look(self):
        while not self._ended.is_set():
            self.seen.add(self._node.value(self._name))
            self.looks += 1
            self._ended.wait(0.05)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()
