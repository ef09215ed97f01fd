# SPDX-License-Identifier: Apache-2.0
"""Three daemons of one instance in a minute of chaos; ./dev soak has the same for longer.

That these tests find a daemon which breaks the guarantee was tried by hand, with daemons broken in
scratch copies. In each, WriteGuard::guarded sent every write without a look at the Lease:

- That alone changed nothing: test_leader.py's paused leader still undid nothing. The main loop hands
  out no round without the Lease, and what is under way carries uid and resourceVersion.
- With Leadership::leads besides true for ever once it was true, the same test failed: trail.undone()
  named two writes of the resumed leader over those of the new one. Three minutes of `./dev soak` (seed
  11: 8 kills, 13 pauses, 24 cuts) failed with ten such writes; the unbroken daemon passes them.
- A minute of blows at random misses that one where it is killed or stopped soon after each takeover:
  with seed 770139 no rule was seen broken, in three other runs two or three of its writes were. So the
  chaos ends by deposing a leader and leaving it alone: then seed 770139 fails as well, with five writes
  of values that are younger than the other's takeover (trail.intruding()), three changes undone
  (trail.undone()) and four writes begun too late (trail.late()). The unbroken daemon passes.

What the reader of the audit log finds is proven by test_trail.py.
"""

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
