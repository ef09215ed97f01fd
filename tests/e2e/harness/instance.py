# SPDX-License-Identifier: Apache-2.0
"""The base of the tests with the three ways into KMS: two emulators, one as the shared gateway, one
as an instance with its private CA."""

from . import setup
from .suite import EndToEndTest

KEY_ID = "KAAP.e2e"
MODES = ("shared", "dedicated", "instance")


class InstanceTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.kubeconfig = self.cluster.kubeconfig(self.directory / "kubeconfig",
                                                  self.cluster.admin_identity)
        self.shared = self.emulator("shared")
        self.instance = self.instance_emulator()
        self.key = self.instance.client_key(KEY_ID)
        setup.write_client_key(self.directory, self.key)

    def instance_emulator(self, *flags, name="instance"):
        emulator = self.emulator(name, flags=["--private-ca", *flags])
        emulator.settings(gateway="instance")
        return emulator

    def put(self, name, value, **members):
        for kms in (self.shared, self.instance):
            kms.put_secret(name, value, **members)

    def put_version(self, name, value):
        for kms in (self.shared, self.instance):
            kms.put(name, value)

    def kms_of(self, mode):
        return self.shared if mode == "shared" else self.instance

    def store(self, mode, kms=None, **members):
        kms = kms or self.kms_of(mode)
        make = setup.instance_store if mode == "instance" else setup.store
        return make(kms, self.directory, name=mode, **members)

    def configuration(self, stores, *secrets, interval="5s"):
        return setup.configuration(self.kubeconfig, *stores, *secrets, interval=interval)

    def configured(self, stores, *secrets, interval="5s"):
        return self.daemon(self.configuration(stores, *secrets, interval=interval))

    def secret(self, mode, data, name=None):
        entries = {key: {"source": source, "store": mode} for key, source in data.items()}
        return setup.secret(self.namespace, name or f"s-{mode}", entries)

    def synced(self, daemon):
        done = daemon.once()
        self.assertEqual(0, done.returncode, done.stderr)
        return done.stderr

    def refused(self, daemon, *texts):
        done = daemon.once()
        self.assertEqual(1, done.returncode, done.stderr)
        for text in texts:
            self.assertIn(text, done.stderr)
        self.assertNotIn(self.key["password"], done.stderr)
        return done.stderr

    def data(self, mode):
        return self.api.secret_data(self.namespace, f"s-{mode}")
