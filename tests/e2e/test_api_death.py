# SPDX-License-Identifier: Apache-2.0
"""What the death of the API server at any step of a round leaves behind."""

from harness.api import METADATA_ONLY
from harness.relayed import RelayTest


class DeathAtEveryStep(RelayTest):
    """The API server is killed at every request of a round, before, during and after the answer:
    the Secret is as it was or as it should be, and the next round finishes the work."""

    most_steps = 12

    def state(self):
        if not self.api.exists(self.path()):
            return None
        secret = self.api.secret(self.namespace, "s")
        return secret["data"] if secret.get("data") else {}, secret["type"]

    def matrix(self, daemon, arrange, absent_between=False):
        """arrange() makes the situation and returns what the Secret must hold in the end."""
        for when in ("before", "after", "half"):
            for step in range(self.most_steps):
                wanted = arrange()
                before = self.state()
                self.relay.die_at(step, when)
                first = daemon.once()
                died = self.relay.revive()
                between = self.state()
                said = f"death {when} request {step}: {first.stderr}"
                if between != before and not (absent_between and between is None):
                    self.assertEqual(wanted, self.data(), said)
                second = daemon.once()
                self.assertEqual(0, second.returncode, said + second.stderr)
                self.assertEqual(wanted, self.data(), said)
                if not died:
                    self.assertGreater(step, 0, "no request was made")
                    break
            else:
                self.fail("there are more steps than this test looks at")

    def put(self, **values):
        for name, value in values.items():
            self.kms.put_secret(name, value)
        return {name: value.encode() for name, value in values.items()}

    def gone(self):
        if self.api.exists(self.path()):
            self.api.delete(self.path())

    def test_a_create(self):
        daemon = self.daemon(self.configuration({"a": "a", "b": "b"}))
        def arrange():
            self.gone()
            return self.put(a="1", b="2")
        self.matrix(daemon, arrange)

    def test_an_update(self):
        daemon = self.daemon(self.configuration({"a": "a", "b": "b"}))
        turns = iter(range(1000))
        def arrange():
            return self.put(a=f"a{next(turns)}", b="fixed")
        arrange()
        self.assertEqual(0, daemon.once().returncode)
        self.matrix(daemon, arrange)

    def test_a_heal_of_what_an_editor_took(self):
        daemon = self.daemon(self.configuration({"a": "a", "b": "b"}))
        wanted = self.put(a="1", b="2")
        self.assertEqual(0, daemon.once().returncode)
        def arrange():
            reply = self.api.apply(self.path(), {
                "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"},
                "data": {"a": "Zm9yZWlnbg=="}}, "editor", force=True, accept=METADATA_ONLY)
            self.assertTrue(reply.ok)
            return wanted
        self.matrix(daemon, arrange)

    def test_a_forced_adoption(self):
        daemon = self.daemon(self.configuration({"a": "a"}, adopt="force"))
        wanted = self.put(a="1")
        def arrange():
            self.gone()
            self.api.create_secret(self.namespace, "s", {"a": b"theirs"})
            return wanted
        self.matrix(daemon, arrange)

    def test_a_recreation(self):
        daemon = self.daemon(self.configuration({"a": "a"}, recreate=True, type="example.org/new"))
        old = self.daemon(self.configuration({"a": "a"}, type="example.org/old"))
        wanted = self.put(a="1")
        def arrange():
            self.gone()
            done = old.once()
            self.assertEqual(0, done.returncode, done.stderr)
            return wanted
        self.matrix(daemon, arrange, absent_between=True)
        self.assertEqual("example.org/new", self.api.secret(self.namespace, "s")["type"])

    def test_a_dropped_key_that_others_hold_too(self):
        both = self.daemon(self.configuration({"a": "a", "b": "b"}))
        one = self.daemon(self.configuration({"a": "a"}))
        self.put(a="1", b="2")
        def arrange():
            self.gone()
            done = both.once()
            self.assertEqual(0, done.returncode, done.stderr)
            reply = self.api.apply(self.path(), {
                "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"},
                "data": {"b": "Mg=="}}, "argocd", accept=METADATA_ONLY)
            self.assertTrue(reply.ok)
            return {"a": b"1"}
        # Between the apply and the removal the dropped key is still there, with its old value.
        for when in ("before", "after", "half"):
            for step in range(self.most_steps):
                wanted = arrange()
                self.relay.die_at(step, when)
                one.once()
                died = self.relay.revive()
                self.assertIn(self.data(), ({"a": b"1", "b": b"2"}, wanted))
                self.assertEqual(0, one.once().returncode)
                self.assertEqual(wanted, self.data(), f"death {when} request {step}")
                if not died:
                    break
