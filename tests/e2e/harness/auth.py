# SPDX-License-Identifier: Apache-2.0
"""The base of the tests of authentication: an emulator that knows identities, and a store."""

from . import setup
from .identities import ACCOUNT, REMOTE_ACCOUNT, Identities
from .suite import EndToEndTest


class AuthTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.kms = self.emulator()
        self.kubeconfig = self.cluster.kubeconfig(self.directory / "kubeconfig",
                                                  self.cluster.admin_identity)
        self.who = Identities(self.kms, self.api, self.namespace, self.directory)
        self.kms.put_secret("app/db", "mine", account=ACCOUNT)
        self.kms.put_secret("app/db", "theirs", account=REMOTE_ACCOUNT)

    def configured(self, auth, *more, env=None, name="s", **store):
        return self.daemon(setup.configuration(
            self.kubeconfig, setup.store_with(self.kms, auth, **store),
            setup.secret(self.namespace, name, {"db": "app/db"}, store="shared"), *more), env=env)

    def value(self, name="s"):
        return self.api.secret_data(self.namespace, name)["db"].decode()

    def synced(self, daemon):
        done = daemon.once()
        self.assertEqual(0, done.returncode, done.stderr)

    def refused(self, daemon, *expected):
        done = daemon.once()
        self.assertEqual(1, done.returncode, done.stderr)
        for text in expected:
            self.assertIn(text, done.stderr)
        return done.stderr

    def version(self, name="s"):
        metadata = self.api.secret(self.namespace, name)["metadata"]
        return metadata["uid"], metadata["resourceVersion"]

    def reads(self, since=0):
        return [each for each in self.kms.requests(since) if each["operation"] == "GetSecretValue"]

    def exchanges(self, operation="AssumeRole", since=0):
        return [each for each in self.kms.requests(since) if each["operation"] == operation]
