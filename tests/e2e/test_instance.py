# SPDX-License-Identifier: Apache-2.0
"""The three ways into KMS: the shared gateway, an instance's own by RAM credentials, and by client
key. Two emulators: one as the shared gateway, one as an instance with its private CA."""

import base64
import json
import time

from harness import control, setup
from harness.api import secret_path
from harness.instance import KEY_ID, MODES, InstanceTest
from harness.process import wait_until

PRIVATE_KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nbm90IGEga2V5\n-----END OPENSSH PRIVATE KEY-----\n"
MANAGED = {"automatic_rotation": "Enabled", "rotation_interval": "604800s",
           "next_rotation": "2030-01-01T00:00:00Z"}
# name in KMS -> value, and the rest of the secret
TYPES = {
    "app/text": ("pässword 密码\n", {}),
    "app/binary": (base64.b64encode(bytes(range(256))).decode(), {"data_type": "binary"}),
    "rds-main": (json.dumps({"AccountName": "app_a", "AccountPassword": "p@ss\"w"}),
                 {"type": "Rds", **MANAGED,
                  "extended_config": '{"SecretSubType":"DoubleUsers","DBInstanceId":"rm-1"}'}),
    "polar-main": (json.dumps({"AccountName": "app_b", "AccountPassword": "x"}),
                   {"type": "PolarDB", **MANAGED}),
    "redis-main": (json.dumps({"AccountName": "app_c", "AccountPassword": "y"}),
                   {"type": "Redis", **MANAGED}),
    "acs/ram/user/app": (json.dumps({"AccessKeyId": "LTAI5t", "AccessKeySecret": "s",
                                     "GenerateTimestamp": "2016-03-25T10:42:40Z"}),
                         {"type": "RAMCredentials", **MANAGED}),
    "acs/ecs/password": (json.dumps({"UserName": "ecs-user", "Password": "p"}),
                         {"type": "ECS", **MANAGED}),
    "acs/ecs/pair": (json.dumps({"UserName": "ecs-user", "PublicKey": "ssh-ed25519 AAAA",
                                 "PrivateKey": PRIVATE_KEY}), {"type": "ECS", **MANAGED}),
}


def expected():
    """What has to stand in a Secret that holds all of TYPES."""
    values = {name.replace("/", "."): value.encode() for name, (value, _) in TYPES.items()}
    values["app.binary"] = bytes(range(256))
    return values


class ThreeModes(InstanceTest):
    def test_every_type_of_secret_arrives_by_all_three_ways_side_by_side(self):
        for name, (value, members) in TYPES.items():
            self.put(name, value, **members)
        data = {name.replace("/", "."): name for name in TYPES}
        self.synced(self.configured([self.store(mode) for mode in MODES],
                                    *[self.secret(mode, data) for mode in MODES]))
        for mode in MODES:
            with self.subTest(mode):
                self.assertEqual(expected(), self.data(mode))
        asked = {each["signature_version"] for each in self.instance.requests()}
        self.assertEqual({"V3", "dkms"}, asked)

    def test_stages_and_versions_are_chosen_in_all_three_ways(self):
        self.put("a", "old", version_id="v1")
        self.put_version("a", "new")
        secrets = [setup.secret(self.namespace, f"s-{mode}", {
            "now": {"source": "a", "store": mode},
            "before": {"source": "a", "store": mode, "version_stage": "ACSPrevious"},
            "pinned": {"source": "a", "store": mode, "version_id": "v1"}}) for mode in MODES]
        self.synced(self.configured([self.store(mode) for mode in MODES], *secrets))
        for mode in MODES:
            self.assertEqual({"now": b"new", "before": b"old", "pinned": b"old"}, self.data(mode))

    def test_the_extended_configuration_of_a_managed_secret_is_a_source_in_all_three_ways(self):
        value, members = TYPES["rds-main"]
        self.put("rds-main", value, **members)
        secrets = [setup.secret(self.namespace, f"s-{mode}", {
            "value": {"source": "rds-main", "store": mode},
            "config": {"source": "rds-main", "store": mode, "extended_config": True}})
            + "\n".join(["[[secret.data]]", 'source = "rds-main"', f'store = "{mode}"',
                         "extended_config = true",
                         'jmes_path = [{ path = "DBInstanceId", object_alias = "instance" }]', ""])
            for mode in MODES]
        self.synced(self.configured([self.store(mode) for mode in MODES], *secrets))
        for mode in MODES:
            self.assertEqual({"value": value.encode(), "instance": b"rm-1",
                              "config": members["extended_config"].encode()}, self.data(mode))
        for kms, calls in ((self.shared, 1), (self.instance, 2)):
            self.assertEqual(calls, len(kms.requests()))

    def test_a_generic_secret_has_no_extended_configuration_in_any_way(self):
        self.put("a", "1")
        self.refused(self.configured(
            [self.store(mode) for mode in MODES],
            *[setup.secret(self.namespace, f"s-{mode}", {
                "a": {"source": "a", "store": mode, "extended_config": True}}) for mode in MODES]),
            *[f"the extended configuration of {mode}/a" for mode in MODES],
            "only managed secrets of KMS have one: remove extended_config")
        for mode in MODES:
            self.assertFalse(self.api.exists(secret_path(self.namespace, f"s-{mode}")))

    def test_client_keys_of_all_three_forms_work(self):
        self.put("a", "1")
        stores, secrets = [], []
        for form in ("rc2", "3des", "pbes2"):
            key = self.instance.client_key(f"KAAP.{form}", form=form)
            setup.write_client_key(self.directory, key, name=f"x{form}")
            stores.append(setup.instance_store(self.instance, self.directory, name=f"x{form}"))
            secrets.append(self.secret(f"x{form}", {"a": "a"}))
        self.synced(self.configured(stores, *secrets))

    def test_a_private_key_in_pem_works_as_well(self):
        self.put("a", "1")
        setup.write_secret(self.directory / "key.pem", self.key["private_key"])
        store = "\n".join([
            "[store.pem]", 'backend = "kms-instance-endpoint"', "custom_endpoint = true",
            f"endpoint = {setup.toml(self.instance.host)}",
            f"ca_file = {setup.toml(str(self.instance.ca_file))}",
            f"private_key = {{ file = {setup.toml(str(self.directory / 'key.pem'))} }}",
            f"key_id = {setup.toml(KEY_ID)}"]) + "\n"
        self.synced(self.configured([store], self.secret("pem", {"a": "a"})))

    def test_a_certificate_is_shown_where_the_gateway_wants_one(self):
        self.put("a", "1")
        self.instance.settings(require_client_certificate=True)
        daemon = self.configured([self.store("instance")], self.secret("instance", {"a": "a"}))
        self.refused(daemon, "instance/a")
        daemon.configure(self.configuration(
            [self.store("instance", present_client_certificate=True)],
            self.secret("instance", {"a": "a"})))
        self.synced(daemon)

    def test_b21_a_store_that_moves_to_another_way_uses_it_at_once(self):
        self.put("a", "1")
        store = setup.store(self.shared, self.directory, name="instance")
        daemon = self.configured([store], self.secret("instance", {"a": "a"}), interval="10m")
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED")
        for way in (setup.instance_store(self.instance, self.directory),
                    setup.store(self.instance, self.directory, name="instance"),
                    setup.store(self.shared, self.directory, name="instance")):
            before = {kms: len(kms.requests()) for kms in (self.shared, self.instance)}
            target = self.shared if self.shared.host in way else self.instance
            other = self.instance if target is self.shared else self.shared
            daemon.configure(self.configuration([way], self.secret("instance", {"a": "a"}),
                                                self.secret("instance", {"a": "a"}, f"n{len(way)}"),
                                                interval="10m"))
            daemon.reload()
            wait_until(lambda: len(target.requests()) > before[target], "the new way is used", 30,
                       daemon.process)
            self.assertEqual(before[other], len(other.requests()))


class Failures(InstanceTest):
    """Faults in every way: the Secret stays byte for byte, and the line says what to do."""

    def setUp(self):
        super().setUp()
        self.put("a", "1")
        self.put("b", "1")
        self.all = self.configured([self.store(mode, request_timeout="2s") for mode in MODES],
                                   *[self.secret(mode, {"a": "a", "b": "b"}) for mode in MODES])
        self.synced(self.all)
        self.before = self.versions()
        self.put_version("a", "must not arrive alone")

    def versions(self):
        return {mode: self.api.secret(self.namespace, f"s-{mode}")["metadata"]["resourceVersion"]
                for mode in MODES}

    def stays(self, *texts):
        said = self.refused(self.all, *[f"{mode}/b" for mode in MODES], *texts)
        self.assertNotIn("must not arrive", said)
        self.assertEqual(self.before, self.versions())

    def fault(self, kind, **members):
        for kms in (self.shared, self.instance):
            kms.fault(kind, secret="b", **members)

    def test_a_missing_secret_changes_nothing(self):
        for kms in (self.shared, self.instance):
            kms.delete("b")
        self.stays("not_found", "Forbidden.ResourceNotFound")

    def test_a_denied_secret_changes_nothing(self):
        for kms in (self.shared, self.instance):
            kms.deny("b")
        self.stays("permission_denied", "kms:GetSecretValue", "policy of the access point")

    def test_throttling_changes_nothing(self):
        self.fault("error", status=429, code="Rejected.Throttling")
        self.stays("throttled")

    def test_a_server_error_changes_nothing(self):
        self.fault("error", status=503, code="ServiceUnavailableTemporary")
        self.stays("unavailable")

    def test_the_page_of_a_proxy_changes_nothing(self):
        self.fault("body", status=502)
        self.stays("unavailable")

    def test_garbage_and_truncation_and_redirects_change_nothing(self):
        for kind, members in (("garbage", {"at": "body"}), ("truncate", {}), ("redirect",
                              {"location": "https://elsewhere.example/"}), ("reset", {})):
            with self.subTest(kind):
                for kms in (self.shared, self.instance):
                    kms.clear_faults()
                self.fault(kind, **members)
                self.stays()

    def test_silence_changes_nothing(self):
        self.fault("black_hole")
        self.stays("timed_out")

    def test_a_wrong_clock_is_corrected_in_all_three_ways(self):
        for kms in (self.shared, self.instance):
            kms.settings(clock_offset=3 * 3600)
        self.put_version("b", "2")
        self.synced(self.all)
        for mode in MODES:
            self.assertEqual(b"2", self.data(mode)["b"])
        outcomes = {each["outcome"] for each in self.instance.requests()}
        self.assertIn("RequestTimeTooSkewed", outcomes)

    def test_an_old_image_is_recognised_and_the_way_out_named(self):
        self.instance.settings(gateway="old_instance")
        said = self.refused(self.configured([self.store("dedicated")],
                                            self.secret("dedicated", {"a": "a"})),
                            "dedicated/a", "before 3.0.0", "kms-instance-endpoint")
        self.assertIn("invalid_request", said)
        self.synced(self.configured([self.store("instance")], self.secret("instance", {"a": "a"})))


class Rotation(InstanceTest):
    def rds(self, seconds, state="Enabled"):
        date = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))
        self.put("rds", '{"AccountPassword":"1"}', type="Rds", automatic_rotation=state,
                 rotation_interval="604800s", next_rotation=date)

    def test_a_planned_rotation_arrives_without_a_short_interval(self):
        self.rds(3)
        daemon = self.configured([self.store(mode) for mode in MODES],
                                 *[self.secret(mode, {"rds": "rds"}) for mode in MODES],
                                 interval="1h")
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED", count=3)
        for kms in (self.shared, self.instance):
            kms.rotate("rds", '{"AccountPassword":"2"}')
        for mode in MODES:
            wait_until(lambda mode=mode: self.data(mode) == {"rds": b'{"AccountPassword":"2"}'},
                       f"the rotated value by {mode}", 60, daemon.process)

    def test_a_broken_rotation_is_said_and_the_value_still_read(self):
        self.rds(3600, state="Invalid")
        daemon = self.configured([self.store(mode) for mode in MODES],
                                 *[self.secret(mode, {"rds": "rds"}) for mode in MODES])
        daemon.start()
        daemon.wait_for_log("ROTATION_BROKEN", count=3)
        for mode in MODES:
            self.assertIn(f"{mode}/rds", daemon.wait_for_log(f"KMS cannot rotate {mode}/rds"))
            self.assertEqual({"rds": b'{"AccountPassword":"1"}'}, self.data(mode))
        line = daemon.wait_for_log("KMS cannot rotate instance/rds")
        self.assertIn("AutomaticRotation is Invalid", line)
        self.assertIn("KMS console", line)

    def test_the_state_of_rotations_shows_in_status_list_and_describe_by_all_three_ways(self):
        self.rds(3600, state="Invalid")
        self.put("fine", "{}", type="Rds", **MANAGED)
        socket = self.directory / "c.sock"
        daemon = self.daemon(f'[control]\nsocket = "{socket}"\n' + self.configuration(
            [self.store(mode) for mode in MODES],
            *[self.secret(mode, {"rds": "rds", "fine": "fine"}) for mode in MODES], interval="1h"))
        daemon.start()
        daemon.wait_for_log("ROTATION_BROKEN", count=3)
        daemon.wait_for_log("SECRET_CREATED", count=3)
        def asked(*words):
            return control.ctl(socket, *words)
        for mode in MODES:
            told = (f"KMS cannot rotate {mode}/rds any more, its current value stays in use: look "
                    "at it in the KMS console")
            self.assertIn(told, asked("status"))
            shown = asked("describe", f"{self.namespace}/s-{mode}")
            self.assertIn(told, shown)
            self.assertIn(f"{mode}/fine by KMS at 2030-01-01T00:00:00Z", shown)
        self.assertEqual(3, asked("list").count("rotation broken"))
