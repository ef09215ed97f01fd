# SPDX-License-Identifier: Apache-2.0
"""What the users of a cluster read of their Secrets: Kubernetes Events, few and true."""

import json
import shutil
import subprocess

from harness import control
from harness.process import wait_until
from harness.relayed import RULES, RelayTest


class EventsTest(RelayTest):
    def broken(self):
        """A second secret, whose value is no JSON though its definition wants that."""
        return (f'[[secret]]\nname = "broken"\nnamespace = "{self.namespace}"\n[[secret.data]]\n'
                'source = "a"\njmes_path = [{ path = "password", object_alias = "p" }]\n')

    def running(self, data=None, interval="5s", kubernetes=None, parts=(), **members):
        self.kms.put_secret("a", "canary-of-an-event")
        socket = self.directory / "control.sock"
        self.daemon_ = self.daemon(self.configuration(
            data or {"a": "a"}, observe="watch", interval=interval, kubernetes=kubernetes,
            parts=[f'[control]\nsocket = "{socket}"\n', *parts], **members))
        self.daemon_.start()
        return self.daemon_

    def events(self, reason=None):
        items = self.api.get(f"/api/v1/namespaces/{self.namespace}/events")["items"]
        return [item for item in items if reason in (None, item["reason"])]

    def event(self, reason, count=1):
        """The one Event with that reason, once it happened so often."""
        wait_until(lambda: any(item["count"] >= count for item in self.events(reason)),
                   f"an Event {reason}, {count} times", 60)
        [event] = self.events(reason)
        return event

    def rounds(self):
        status, said = control.page(self.directory / "control.sock",
                                    f"/v1/targets/{self.namespace}/s")
        self.assertEqual(200, status, said)
        return json.loads(said)["rounds"]

    def sync(self):
        status, said = control.page(self.directory / "control.sock", "/v1/sync", "POST",
                                    '{"all": true}')
        self.assertIn(status, (200, 202), said)

    def test_a_created_and_an_updated_secret_have_events_with_its_uid(self):
        self.running()
        created = self.event("Created")
        secret = self.api.secret(self.namespace, "s")["metadata"]
        about = created["involvedObject"]
        self.assertEqual(("v1", "Secret", self.namespace, "s", secret["uid"]),
                         (about["apiVersion"], about["kind"], about["namespace"], about["name"],
                          about["uid"]))
        self.assertEqual("Normal", created["type"])
        self.assertEqual("kms-secretd", created["source"]["component"])
        self.assertEqual("kms-secretd", created["reportingComponent"])
        self.assertEqual(1, created["count"])
        self.assertIn("Created from shared/a (version ", created["message"])
        self.kms.rotate("a", "canary-of-another")
        self.assertEqual(secret["uid"], self.event("Updated")["involvedObject"]["uid"])

    def test_an_unchanged_secret_has_none(self):
        self.running()
        self.event("Created")
        polls = len(self.kms.requests())
        wait_until(lambda: len(self.kms.requests()) >= polls + 2, "two polls", 60)
        self.assertEqual(["Created"], [item["reason"] for item in self.events()])

    def test_kubectl_shows_them_beside_the_secret(self):
        kubectl = shutil.which("kubectl")
        if kubectl is None:
            self.skipTest("no kubectl")
        self.running()
        self.event("Created")
        admin = self.cluster.kubeconfig(self.directory / "admin", self.cluster.admin_identity)

        def said(*words):
            return subprocess.run(
                [kubectl, f"--kubeconfig={admin}", "-n", self.namespace, *words],
                capture_output=True, text=True, check=True, timeout=60).stdout
        for shown in (said("get", "events"), said("events", "--for", "secret/s")):
            self.assertRegex(shown, r"Normal +Created +[Ss]ecret/s +Created from shared/a")

    def test_repeats_are_counted_and_the_newest_words_stand(self):
        self.running()
        self.event("Created")
        for number in range(3):
            self.kms.rotate("a", f"value {number}")
            self.sync()
            self.event("Updated", number + 1)
        updated = self.event("Updated", 3)
        version = self.api.secret(self.namespace, "s")["metadata"]["annotations"][
            "kms-secretd.io/sources"]
        self.assertLessEqual(updated["firstTimestamp"], updated["lastTimestamp"])
        newest = updated["message"].split("(version ")[1].split(")")[0]
        self.assertIn(newest, version)
        self.assertTrue(updated["message"].endswith("; keys changed: a"), updated["message"])

    def test_a_secret_that_cannot_be_read_is_told_of_before_it_exists_and_when_it_is_well(self):
        self.running({"a": "absent"})
        failed = self.event("FetchFailed")
        self.assertEqual("Warning", failed["type"])
        self.assertNotIn("uid", failed["involvedObject"])
        self.assertIn("Cannot read shared/absent (not_found, Forbidden.ResourceNotFound, request ",
                      failed["message"])
        self.kms.put_secret("absent", "1")
        # An answer of KMS serves all that ask within some seconds: ask until it is a new one.
        wait_until(lambda: self.sync() or self.events("Created"), "it is created", 60, every=2)

    def test_a_render_failure_is_told_with_what_to_do(self):
        self.running(parts=[self.broken()])
        failed = self.event("RenderFailed")
        self.assertEqual("broken", failed["involvedObject"]["name"])
        self.assertIn("shared/a", failed["message"])

    def test_a_foreign_secret_is_told_of_on_the_foreign_object(self):
        foreign = self.api.create_secret(self.namespace, "s", {"theirs": b"x"})
        self.running()
        refused = self.event("Refused")
        self.assertEqual("Warning", refused["type"])
        self.assertEqual(foreign["metadata"]["uid"], refused["involvedObject"]["uid"])
        self.assertIn("(foreign)", refused["message"])

    def test_a_contest_is_told(self):
        self.running()
        self.event("Created")
        for heal in range(1, 4):
            self.api.patch(self.path(), {"data": {"a": "Zm9yZWlnbg=="}})
            if heal < 3:
                self.event("Healed", heal)
        self.assertEqual("Warning", self.event("Contested")["type"])

    def test_one_secret_is_told_of_no_more_than_a_burst_of_times(self):
        self.api.create_secret(self.namespace, "s", {"theirs": b"x"})
        self.running(interval="1h")
        self.event("Refused")
        for _ in range(40):
            before = self.rounds()
            self.sync()
            wait_until(lambda seen=before: self.rounds() > seen, "a round has ended")
        wait_until(lambda: len(self.asked("/events")) >= 25, "25 writes of Events", 30)
        # The last of forty was told or kept back long ago.
        self.assertEqual(25, self.event("Refused", 25)["count"])
        self.assertEqual((1, 24), (len(self.asked("/events", "POST")),
                                   len(self.asked("/events", "PATCH"))))

    def test_no_event_carries_a_value(self):
        self.running(parts=[self.broken()])
        self.event("RenderFailed")
        self.event("Created")
        self.kms.rotate("a", "canary-of-an-event-2")
        self.event("Updated")
        self.assertNotIn("canary-of-an-event", json.dumps(self.events()))

    def test_events_that_are_not_wanted_are_not_written(self):
        daemon = self.running(kubernetes={"events": False})
        daemon.wait_for_log("SECRET_CREATED")
        self.kms.rotate("a", "2")
        daemon.wait_for_log("SECRET_UPDATED")
        self.assertEqual([], self.asked("/events"))

    def test_once_writes_them_before_it_ends(self):
        self.kms.put_secret("a", "1")
        done = self.daemon(self.configuration({"a": "a"})).once()
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual(["Created"], [item["reason"] for item in self.events()])

    def test_a_server_that_never_answers_them_delays_no_round_and_no_stop(self):
        self.relay.answers_itself("/events")
        daemon = self.running()
        daemon.wait_for_log("SECRET_CREATED")
        wait_until(lambda: self.asked("/events"), "an Event is on its way")
        self.kms.rotate("a", "2")
        daemon.wait_for_log("SECRET_UPDATED")
        self.assertEqual(0, daemon.stop(timeout=5))
        self.assertIn("STOPPED", daemon.process.log())

    def test_the_printed_rights_allow_them(self):
        self.kms.put_secret("a", "1")
        daemon = self.daemon(self.configuration({"a": "a"}, observe="watch"))
        printed = daemon.run("--print-rbac")
        self.assertEqual(0, printed.returncode, printed.stderr)
        rbac = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{self.namespace}"
        for path in ("rolebindings", "roles"):
            self.api.delete(f"{rbac}/{path}/daemon")
        self.api.apply_manifest(printed.stdout)
        daemon.start()
        self.event("Created")
        self.assertNotIn("EVENTS_REFUSED", daemon.process.log())


class WithoutTheRightTest(RelayTest):
    rules = RULES[:1]

    def test_it_is_said_once_and_the_secrets_are_kept(self):
        self.kms.put_secret("a", "1")
        daemon = self.daemon(self.configuration({"a": "a"}, observe="watch", interval="5s"))
        daemon.start()
        said = daemon.wait_for_log("EVENTS_REFUSED")
        self.assertIn(f"create events in namespace {self.namespace}", said)
        self.assertIn("events = false", said)
        for number in range(2):
            self.kms.rotate("a", f"v{number}")
            daemon.wait_for_log("SECRET_UPDATED", count=number + 1)
        self.assertEqual(1, len(self.asked("/events")))
        self.assertEqual(1, daemon.process.log().count("EVENTS_REFUSED"))
        self.assertEqual({"a": b"v1"}, self.data())
