# SPDX-License-Identifier: Apache-2.0
"""Three daemons of one instance in a minute of chaos; ./dev soak has the same for longer."""

from harness.trio import LeaderCase


class ChaosTest(LeaderCase):
    def test_a_minute_of_kills_pauses_and_stops_loses_no_update(self):
        self.assert_chaos_does_no_harm(self.members(), seconds=60, seed=7)
