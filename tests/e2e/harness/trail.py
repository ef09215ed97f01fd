# SPDX-License-Identifier: Apache-2.0
"""What several daemons did, as the API server's audit log has it, and whether that keeps the
guarantee of docs/high-availability.md. tests/e2e/test_trail.py proves that it finds each breach."""

import base64
import datetime

WRITES = ("create", "patch", "update", "delete")


class Trail:
    """The writes of some users in a namespace, as the API server recorded them."""

    def __init__(self, cluster, namespace, members):
        self.users = {member.user for member in members}
        events = [event for event in cluster.audit_events(namespace)
                  if event["user"]["username"] in self.users and event["verb"] in WRITES
                  and event["stage"] == "ResponseComplete"]
        self.events = sorted(events, key=ended)

    def of(self, resource, user=None):
        return [event for event in self.events if event["objectRef"]["resource"] == resource
                and user in (None, event["user"]["username"])]

    def changes(self):
        """Successful writes of Secrets that left another object behind, oldest first."""
        versions, found = {}, []
        for event in self.of("secrets"):
            if event["responseStatus"]["code"] >= 300 or _dry(event):
                continue
            name, version = event["objectRef"]["name"], _version(event)
            if event["verb"] == "delete" or versions.get(name) != version:
                found.append(event)
            versions[name] = version
        return found

    def holders(self):
        """(from when, user or None): who held the Lease, by its successful writes."""
        found = []
        for event in self.of("leases"):
            if event["responseStatus"]["code"] >= 300:
                continue
            spec = event["requestObject"]["spec"]
            if not spec["holderIdentity"]:
                user = None
            elif found and found[-1][2] == spec["holderIdentity"]:
                continue  # renewed, or a standby announced itself
            else:
                user = event["user"]["username"]
            found.append((ended(event), user, spec["holderIdentity"]))
        return found

    def undone(self):
        """Changes by a non-holder of what the holder of that time had written: none may be."""
        holders, found, last = self.holders(), [], {}
        for event in self.changes():
            name, user, moment = event["objectRef"]["name"], event["user"]["username"], ended(event)
            since, holder = _holder_at(holders, moment)
            written_by, at = last.get(name, (None, 0))
            if user != holder and written_by == holder and at >= since:
                found.append(event)
            last[name] = (user, moment)
        return found

    def late(self, member, grace=1.0):
        """Writes of Secrets that a member began later than that after it ran again, while another
        held the Lease: none may be. What a mended wire lets through was begun long ago, perhaps by
        a holder, and waited in the sockets: that it undoes nothing is undone()'s to say."""
        holders, found = self.holders(), []
        for event in self.of("secrets", member.user):
            start = began(event)
            back = max((moment for moment in member.resumed if moment <= start), default=None)
            if back is None or start <= back + grace:
                continue
            if any(back <= mended <= start for mended in member.mended):
                continue
            _, holder = _holder_at(holders, start)
            if holder not in (None, member.user):
                found.append(event)
        return found

    def intruding(self, number, made):
        """Writes, refused ones too, by a member while another held the Lease, of a value younger
        than that one's takeover: none may be. Whoever carries such a value has fetched it, and
        decided to write it, when it had long ceased to lead; no pause and no mended wire excuses
        that. made: (name, number) -> when the value came into being."""
        holders, found = self.holders(), []
        for event in self.of("secrets"):
            if event["verb"] == "delete":
                continue
            since, holder = _holder_at(holders, ended(event))
            born = made.get((event["objectRef"]["name"], number(event)), since)
            if holder not in (None, event["user"]["username"]) and born > since:
                found.append(event)
        return found

    def went_back(self, number):
        """Changes that wrote an older value than was there; number(event) counts the values up."""
        newest, found = {}, []
        for event in self.changes():
            if event["verb"] == "delete":
                continue
            name, value = event["objectRef"]["name"], number(event)
            if value is None:
                continue
            if value < newest.get(name, value):
                found.append(event)
            newest[name] = value
        return found


def _time(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def began(event):
    """When the request came in, in seconds since 1970."""
    return _time(event["requestReceivedTimestamp"])


def ended(event):
    """When it was answered."""
    return _time(event["stageTimestamp"])


def _holder_at(holders, moment):
    """(since when, user or None) of what Trail.holders() gave."""
    return max(((since, who) for since, who, _ in holders if since <= moment),
               default=(0, None), key=lambda each: each[0])


def _dry(event):
    return "dryRun" in event["requestURI"]


def _version(event):
    body = event.get("responseObject") or {}
    return body.get("metadata", {}).get("resourceVersion")


def number_in(event):
    """The counting value that a write carried, or None."""
    value = (event["requestObject"].get("data") or {}).get("value")
    return None if value is None else int(base64.b64decode(value))
