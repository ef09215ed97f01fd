# SPDX-License-Identifier: Apache-2.0
"""Three daemons of one instance in a minute of chaos; ./dev soak has the same for longer."""

from harness import wire
from harness.trio import LeaderCase

WHY_NOT = wire.why_not()


class ChaosTest(LeaderCase):
    def test_a_minute_of_kills_pauses_stops_and_network_cuts_loses_no_update(self):
        if WHY_NOT:
            self.skipTest(WHY_NOT)
        self.assert_chaos_does_no_harm(self.members(wired=True), seconds=60, seed=7)

    def test_a_minute_of_kills_pauses_and_stops_loses_no_update(self):
        if not WHY_NOT:
            self.skipTest("the minute with network cuts has all of that")
        self.assert_chaos_does_no_harm(self.members(), seconds=60, seed=7)
