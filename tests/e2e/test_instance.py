# SPDX-License-Identifier: Apache-2.0
"""The three ways into KMS: the shared gateway, an instance's own by RAM credentials, and by client
key. Two emulators: one as the shared gateway, one as an instance with its private CA."""

import base64
import contextlib
import json
import os
import socketserver
import threading
import time

from harness import memory, setup
from harness.process import StartError, wait_until
from harness.suite import EndToEndTest

KEY_ID = "KAAP.e2e"
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
MODES = ("shared", "dedicated", "instance")


class PlainHttp(socketserver.ThreadingTCPServer):
    """Answers whatever comes as a web server answers a TLS ClientHello."""

    daemon_threads = True

    def finish_request(self, request, client_address):
        request.recv(65536)
        request.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def expected():
    """What has to stand in a Secret that holds all of TYPES."""
    values = {name.replace("/", "."): value.encode() for name, (value, _) in TYPES.items()}
    values["app.binary"] = bytes(range(256))
    return values


class InstanceTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.kubeconfig = self.cluster.kubeconfig(self.directory / "kubeconfig",
                                                  self.cluster.admin_identity)
        self.shared = self.emulator("shared")
        self.instance = self.instance_emulator()
        self.key = self.instance.client_key(KEY_ID)
        setup.write_client_key(self.directory, self.key)

    def instance_emulator(self, *flags, name="instance"):
        emulator = self.emulator(name, flags=["--private-ca", *flags])
        emulator.settings(gateway="instance")
        return emulator

    def put(self, name, value, **members):
        for kms in (self.shared, self.instance):
            kms.put_secret(name, value, **members)

    def put_version(self, name, value):
        for kms in (self.shared, self.instance):
            kms.put(name, value)

    def kms_of(self, mode):
        return self.shared if mode == "shared" else self.instance

    def store(self, mode, kms=None, **members):
        kms = kms or self.kms_of(mode)
        make = setup.instance_store if mode == "instance" else setup.store
        return make(kms, self.directory, name=mode, **members)

    def configuration(self, stores, *secrets, interval="5s"):
        return setup.configuration(self.kubeconfig, *stores, *secrets, interval=interval)

    def configured(self, stores, *secrets, interval="5s"):
        return self.daemon(self.configuration(stores, *secrets, interval=interval))

    def secret(self, mode, data, name=None):
        entries = {key: {"source": source, "store": mode} for key, source in data.items()}
        return setup.secret(self.namespace, name or f"s-{mode}", entries)

    def synced(self, daemon):
        done = daemon.once()
        self.assertEqual(0, done.returncode, done.stderr)
        return done.stderr

    def refused(self, daemon, *texts):
        done = daemon.once()
        self.assertEqual(1, done.returncode, done.stderr)
        for text in texts:
            self.assertIn(text, done.stderr)
        self.assertNotIn(self.key["password"], done.stderr)
        return done.stderr

    def data(self, mode):
        return self.api.secret_data(self.namespace, f"s-{mode}")


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


class Trust(InstanceTest):
    """A private CA for its own store only, and every doubt refused with store and remedy."""

    def check(self, kms, expected_text, *more, **members):
        kms.put_secret("a", "1")
        kms.put_key(**kms.access_key)
        setup.write_client_key(self.directory, kms.client_key(KEY_ID))
        for mode in ("dedicated", "instance"):
            with self.subTest(mode):
                self.refused(self.configured([self.store(mode, kms, **members)],
                                             self.secret(mode, {"a": "a"})),
                             f"{mode}/a", expected_text, *more)

    def test_root_and_intermediate_or_the_intermediate_alone_are_enough(self):
        for flags in ([], ["--leaf-only"]):
            kms = self.instance_emulator(*flags, name=f"chain{len(flags)}")
            kms.put_secret("a", "1")
            setup.write_client_key(self.directory, kms.client_key(KEY_ID))
            for ca_file in (kms.ca_file, kms.intermediate_file):
                for mode in ("dedicated", "instance"):
                    with self.subTest(flags=flags, ca=ca_file, mode=mode):
                        self.synced(self.configured([self.store(mode, kms, ca_file=ca_file)],
                                                    self.secret(mode, {"a": "a"})))

    def test_another_ca_is_refused(self):
        self.check(self.instance, "the server's certificate is not trusted",
                   "configure the CA that issued it", ca_file=str(self.shared.ca_file))

    def test_the_private_ca_of_one_store_is_not_trusted_by_another(self):
        self.instance.put_secret("a", "1")
        stores = [self.store("instance"),
                  setup.store(self.instance, self.directory, name="dedicated",
                              ca_file=str(self.shared.ca_file))]
        self.refused(self.configured(stores, self.secret("instance", {"a": "a"}),
                                     self.secret("dedicated", {"a": "a"})),
                     "dedicated/a", "not trusted")
        self.assertEqual({"a": b"1"}, self.data("instance"))

    def test_another_host_name_is_refused(self):
        kms = self.instance_emulator("--no-loopback-names", "--host-name", "kst-x.example",
                                     name="other-name")
        self.check(kms, "not valid for the host name 127.0.0.1", "kst-x.example",
                   "check the name")

    def test_an_expired_server_certificate_is_refused(self):
        kms = self.instance_emulator("--server-days", "-1", name="expired")
        self.check(kms, "certificate has expired", "renew it on the server, or correct this host's")

    def test_plain_http_is_refused(self):
        server = PlainHttp(("127.0.0.1", 0), None)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.check(self.instance, "does not speak TLS on this port: check the port",
                   endpoint=f"127.0.0.1:{server.server_address[1]}")
        for mode, option in (("dedicated", "endpoint"), ("instance", "endpoint")):
            daemon = self.configured([self.store(mode, endpoint="http://" + self.instance.host)],
                                     self.secret(mode, {"a": "a"}))
            said = daemon.run("--check-config", "--foreground")
            self.assertEqual(1, said.returncode)
            self.assertIn(f"store {mode}", said.stderr)
            self.assertIn(f"{option} \"http://", said.stderr)
            self.assertIn("HTTPS is always used", said.stderr)
        said = self.configured([self.store("instance", protocol="http")],
                               self.secret("instance", {"a": "a"})).run("--check-config")
        self.assertIn('protocol must be "https"', said.stderr)
        self.assertIn("kms-secretd.toml:", said.stderr)

    def test_an_instance_without_its_ca_is_refused_before_anything_is_sent(self):
        store = "\n".join(['[store.dedicated]', 'backend = "kms-endpoint"',
                           'instance_id = "kst-hzz0000000000test"',
                           'auth = { type = "access_key", id = { env = "X" }, secret = '
                           '{ env = "Y" } }']) + "\n"
        said = self.configured([store], self.secret("dedicated", {"a": "a"})).run("--check-config")
        self.assertEqual(1, said.returncode)
        self.assertIn("store dedicated", said.stderr)
        self.assertIn("signed by a private CA; download it in the KMS console", said.stderr)


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


class ClientKeys(InstanceTest):
    def setUp(self):
        super().setUp()
        self.put("a", "1")

    def one(self, interval="5s"):
        return self.configured([self.store("instance")], self.secret("instance", {"a": "a"}),
                               interval=interval)

    def file(self, suffix):
        return self.directory / f"instance-client-key{suffix}"

    def test_each_way_to_be_unusable_has_its_own_sentence(self):
        bad = json.loads(self.key["json"])
        cases = {
            "the client key is not JSON": "-----BEGIN PRIVATE KEY-----",
            "the client key has no KeyId": json.dumps({"PrivateKeyData": bad["PrivateKeyData"]}),
            "is not base64": json.dumps({**bad, "PrivateKeyData": "!" + bad["PrivateKeyData"]}),
            "is no PKCS#12": json.dumps({**bad, "PrivateKeyData": "AAAA"}),
        }
        for sentence, text in cases.items():
            with self.subTest(sentence):
                setup.write_secret(self.file(".json"), text)
                self.refused(self.one(), "instance/a", sentence)
        setup.write_client_key(self.directory, {**self.key, "password": "Wrong*1234"})
        self.refused(self.one(), "instance/a", "the password of the client key is wrong")

    def test_b20_a_new_client_key_is_used_without_a_restart(self):
        daemon = self.one()
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED")
        new = self.instance.client_key("KAAP.new")
        setup.write_client_key(self.directory, new)
        self.instance.delete_client_key(KEY_ID)
        self.instance.put("a", "2")
        wait_until(lambda: self.data("instance") == {"a": b"2"}, "the new value", 60,
                   daemon.process)
        self.assertEqual("KAAP.new", self.instance.requests()[-1]["access_key"])

    def test_an_ending_client_key_is_warned_of_with_its_store(self):
        setup.write_client_key(self.directory,
                               self.instance.client_key("KAAP.ending", expires_in=10 * 86400))
        daemon = self.one()
        daemon.start()
        line = daemon.wait_for_log("STORE_CREDENTIAL_EXPIRING", 60)
        self.assertIn("store instance: the client key KAAP.ending ends in 9 days", line)

    def test_an_ended_client_key_is_refused_with_its_own_sentence(self):
        setup.write_client_key(self.directory, self.instance.client_key(
            "KAAP.ended", begins_in=-86400, expires_in=-3600))
        self.refused(self.one(), "instance/a", "the client key KAAP.ended expired at",
                     "create a new client key")


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


class Secrecy(InstanceTest):
    """By client key, neither a value nor the password nor the file that was read stays behind."""

    def setUp(self):
        super().setUp()
        self.values = [memory.canary(length) for length in (8, 15, 40, 600, 20000)]
        for at, value in enumerate(self.values):
            self.instance.put_secret(f"secret-{at}", value)
        self.key = self.instance.client_key("KAAP.secrecy", password="Canary*" + memory.canary(40))
        setup.write_client_key(self.directory, self.key)
        self.running = self.configured(
            [self.store("instance")],
            self.secret("instance", {f"k{at}": f"secret-{at}" for at in range(len(self.values))}),
            interval="30s")

    def never(self):
        """What must be nowhere: values, password, pieces of the key's file and of the key."""
        data = json.loads(self.key["json"])["PrivateKeyData"]
        # From the ninth line on; those before hold the modulus, which is in the certificate as well.
        pem = self.key["private_key"].splitlines()
        return [*self.values, self.key["password"], data[400:464], data[-200:-136], pem[9], pem[14]]

    def test_nothing_of_value_or_client_key_is_left_in_memory(self):
        if os.geteuid() != 0:
            self.skipTest("the daemon is not dumpable: only root may look into its memory")
        self.running.start()
        self.running.wait_for_log("SECRET_CREATED")
        pid = self.running.process.pid
        names = ["8", "15", "40", "600", "20000", "password", "file", "file's end", "key", "key's end"]
        def left():
            found = memory.hits(pid, self.never())
            return [name for name, value in zip(names, self.never()) if found[value]]
        with contextlib.suppress(StartError):  # the assertion below tells more
            wait_until(lambda: not left(), "nothing is left in memory", 15, every=0.5)
        self.assertEqual([], left())
        # The look finds what is there: the name of the instance's secret is no secret.
        self.assertGreater(memory.hits(pid, ["secret-4"])["secret-4"], 0)

    def test_nothing_of_value_or_client_key_is_ever_logged(self):
        self.running.start()
        self.running.wait_for_log("SECRET_CREATED")
        self.instance.delete_client_key("KAAP.secrecy")
        self.running.wait_for_log("Unauthorized", 90)
        self.running.stop()
        self.instance.fault("garbage", at="body")
        log = self.running.process.log() + self.running.once().stderr
        for secret in (*self.never(), "Bearer"):
            self.assertNotIn(secret, log)
