# SPDX-License-Identifier: Apache-2.0
"""How the daemon behaves towards an API server: who it says it is, how much it asks, which servers
it does not write to."""

import time

from harness import setup
from harness.process import wait_until
from harness.relayed import RelayTest

OLD = {"major": "1", "minor": "18+", "gitVersion": "v1.18.8-aliyun.1"}


class VersionTest(RelayTest):
    def text(self, **how):
        self.kms.put_secret("a", "1")
        return self.configuration({"a": "a"}, observe="watch", interval="5s", **how)

    def test_an_old_server_is_refused_by_name_and_nothing_is_written_to_it(self):
        self.relay.answers_itself("/version", 200, OLD)
        daemon = self.daemon(self.text())
        daemon.start()
        said = daemon.wait_for_log("CLUSTER_TOO_OLD")
        self.assertIn(f"cluster default at https://127.0.0.1:{self.relay.port} is Kubernetes "
                      "v1.18.8-aliyun.1: 1.20 or newer is needed, because", said)
        polls = len(self.kms.requests())
        daemon.wait_for_log("server_too_old")
        self.assertEqual([], [each for each in self.relay.requests() if each.method != "GET"])
        self.assertEqual(1, daemon.process.log().count("CLUSTER_TOO_OLD"), polls)
        # It lives, asks again every minute, and takes the server once that is updated.
        self.relay.answers_no_more()
        daemon.wait_for_log("SECRET_CREATED", timeout=150)

    def test_an_old_server_is_refused_before_its_lease_is_read(self):
        self.relay.answers_itself("/version", 200, OLD)
        daemon = self.daemon(self.text().replace('mode = "none"', 'mode = "leader"'))
        daemon.start()
        daemon.wait_for_log("CLUSTER_TOO_OLD")
        self.assertEqual([], self.asked("/leases"))

    def test_a_check_online_names_the_old_server_and_fails(self):
        daemon = self.daemon(self.text())
        good = daemon.run("--check-config", "--online")
        self.assertEqual(0, good.returncode, good.stderr)
        self.assertRegex(good.stdout, r"cluster default at https://127.0.0.1:\d+: Kubernetes v\d+\.\d+")
        self.relay.answers_itself("/version", 200, OLD)
        old = daemon.run("--check-config", "--online")
        self.assertEqual(1, old.returncode)
        self.assertIn("is Kubernetes v1.18.8-aliyun.1: 1.20 or newer is needed", old.stdout)

    def test_the_versions_of_distributions_are_understood(self):
        for version in ({"major": "1", "minor": "27+", "gitVersion": "v1.27.3-gke.100"},
                        {"major": "", "minor": "", "gitVersion": "v1.28.3-aliyun.1"}):
            with self.subTest(version=version):
                self.relay.answers_no_more()
                self.relay.answers_itself("/version", 200, version)
                done = self.daemon(self.text()).once()
                self.assertEqual(0, done.returncode, done.stderr)
                self.assertNotIn("CLUSTER_", done.stderr)

    def test_a_server_that_does_not_tell_is_taken_with_a_notice(self):
        self.relay.answers_itself("/version", 403, {
            "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 403,
            "reason": "Forbidden", "message": "forbidden: User \"x\" cannot get path \"/version\""})
        daemon = self.daemon(self.text())
        daemon.start()
        self.assertIn("is taken for Kubernetes 1.20 or newer",
                      daemon.wait_for_log("CLUSTER_VERSION_UNKNOWN"))
        daemon.wait_for_log("SECRET_CREATED")

    def test_the_version_is_asked_once_and_again_after_the_connection_was_lost(self):
        daemon = self.daemon(self.text())
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED")
        self.assertEqual(1, len(self.asked("/version")))
        self.relay.die_at(0, "before")
        self.kms.rotate("a", "2")
        daemon.wait_for_log("APPLY_FAILED")
        self.relay.revive()
        daemon.wait_for_log("SECRET_UPDATED", timeout=60)
        self.assertGreater(len(self.asked("/version")), 1)


class MannersTest(RelayTest):
    def test_every_request_says_who_asks_and_in_which_version(self):
        self.kms.put_secret("a", "1")
        daemon = self.daemon(self.configuration({"a": "a"}, observe="watch"))
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED")
        wait_until(lambda: self.asked("/events"), "an Event")
        for request in self.relay.requests():
            self.assertRegex(request.headers["user-agent"], r"^kms-secretd/\d+\.\d+", request)

    def test_a_server_that_asks_for_a_pause_gets_it(self):
        self.kms.put_secret("a", "1")
        for status, name in ((429, "throttled"), (503, "unavailable")):
            with self.subTest(status=status):
                self.relay.answers_no_more()
                self.relay.answers_itself("/secrets", status, {}, "PATCH", Retry_After=8)
                before = len(self.asked("/secrets", "PATCH"))
                daemon = self.daemon(self.configuration({"a": "a"}, observe="watch"))
                daemon.start()
                daemon.wait_for_log(name)
                asked = wait_until(
                    lambda: len(self.asked("/secrets", "PATCH")) >= before + 2 and
                    self.asked("/secrets", "PATCH")[before:], "it is asked again", 60)
                # Its own back-off would have asked after five seconds.
                self.assertGreaterEqual(asked[1].at - asked[0].at, 8.0)
                self.relay.answers_no_more()
                daemon.stop()

    def test_no_more_is_sent_than_qps_and_burst_allow(self):
        self.kms.put_secret("a", "1")
        more = [setup.secret(self.namespace, f"more-{number}", {"a": "a"}) for number in range(11)]
        daemon = self.daemon(self.configuration(
            {"a": "a"}, observe="watch", parts=more,
            kubernetes={"qps": 2, "burst": 2, "events": False}))
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED", count=12, timeout=60)
        sent = [each.at for each in self.asked("/secrets", "PATCH")]
        self.assertEqual(12, len(sent))
        # Two at once, and then two a second.
        self.assertGreaterEqual(sent[-1] - sent[0], (12 - 2) / 2 - 1)

    def test_a_list_of_many_secrets_comes_in_pages_and_the_watch_wants_bookmarks(self):
        self.kms.put_secret("a", "1")
        label = {"kms-secretd.io/instance": "default"}
        for number in range(501):
            self.api.create_secret(self.namespace, f"other-{number}", {}, labels=label)
        began = time.monotonic()
        daemon = self.daemon(self.configuration({"a": "a"}, observe="watch"))
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED")
        # The watch lists, and so does the search for Secrets whose definition is gone.
        lists = [each.target for each in self.asked("limit=500") if each.at >= began]
        second = [target for target in lists if "continue=" in target]
        self.assertEqual(len(lists), 2 * len(second), lists)
        self.assertIn(len(second), (1, 2), lists)
        wait_until(lambda: self.asked("watch=1"), "the watch began")
        self.assertIn("allowWatchBookmarks=true", self.asked("watch=1")[0].target)
        self.api.patch(self.path(), {"data": {"a": "Zm9yZWlnbg=="}})
        daemon.wait_for_log("SECRET_HEALED")
