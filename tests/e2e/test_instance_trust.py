# SPDX-License-Identifier: Apache-2.0
"""Whom the three ways into KMS trust, and what they say of everybody else."""

import socketserver
import threading

from harness import setup
from harness.instance import KEY_ID, MODES, InstanceTest


class PlainHttp(socketserver.ThreadingTCPServer):
    """Answers whatever comes as a web server answers a TLS ClientHello."""

    daemon_threads = True

    def finish_request(self, request, client_address):
        request.recv(65536)
        request.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


class Trust(InstanceTest):
    """A private CA for its own store only, and every doubt refused with store and remedy."""

    def check(self, kms, expected_text, *more, **members):
        kms.put_secret("a", "1")
        kms.put_key(**kms.access_key)
        setup.write_client_key(self.directory, kms.client_key(KEY_ID))
        for mode in MODES:
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

    def test_the_systems_cas_are_not_enough_for_a_private_one(self):
        self.instance.put_secret("a", "1")
        for mode in ("shared", "dedicated", "instance"):
            self.refused(self.configured([self.store(mode, self.instance, ca_file="")],
                                         self.secret(mode, {"a": "a"})),
                         f"{mode}/a", "not trusted", "configure the CA that issued it")

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
        for mode, option in [(mode, "endpoint") for mode in MODES]:
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
