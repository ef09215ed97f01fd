# SPDX-License-Identifier: Apache-2.0
"""What the API server is asked for, word by word, and watches that are dropped or hang."""

import time

from harness.process import wait_until
from harness.relayed import RelayTest

METADATA_KINDS = ("as=PartialObjectMetadata", "as=PartialObjectMetadataList", "as=Table")


class WatchedThroughARelayTest(RelayTest):
    def running(self, **how):
        self.kms.put_secret("a", "1")
        daemon = self.daemon(self.configuration({"a": "a"}, observe="watch", **how))
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED")
        return daemon

    def edit(self):
        self.api.patch(self.path(), {"data": {"a": "Zm9yZWlnbg=="}})

    def test_every_list_and_watch_asks_for_metadata_only(self):
        daemon = self.running()
        self.edit()
        daemon.wait_for_log("SECRET_HEALED")
        self.relay.drop_connections()
        time.sleep(1)
        on_secrets = [each for each in self.relay.requests() if "/secrets" in each.target]
        reads = [each for each in on_secrets if each.method == "GET"]
        self.assertTrue([each for each in reads if each.is_watch])
        self.assertTrue([each for each in reads if not each.is_watch])
        for request in on_secrets:
            accept = request.headers["accept"]
            self.assertTrue(any(kind in accept for kind in METADATA_KINDS), (request, accept))
            for alternative in accept.split(","):
                self.assertIn("as=", alternative, request)

    def test_an_unchanged_poll_sends_not_one_request_through_the_relay(self):
        self.running(interval="5s")
        time.sleep(1)
        before, polls = len(self.relay.requests()), len(self.kms.requests())
        wait_until(lambda: len(self.kms.requests()) >= polls + 3, "three polls", 60)
        self.assertEqual(before, len(self.relay.requests()))

    def test_a_change_behind_a_dropped_watch_is_healed(self):
        daemon = self.running()
        for count in (1, 2):
            self.relay.drop_connections()
            self.edit()
            daemon.wait_for_log("SECRET_HEALED", count=count, timeout=120)
            self.assertEqual({"a": b"1"}, self.data())

    def test_a_change_behind_a_watch_that_hangs_is_healed(self):
        daemon = self.running()
        self.relay.hang_watches()
        self.edit()
        time.sleep(1)
        self.assertNotIn("SECRET_HEALED", daemon.process.log())
        self.relay.let_watches_speak()
        daemon.wait_for_log("SECRET_HEALED", timeout=200)
        self.assertEqual({"a": b"1"}, self.data())
