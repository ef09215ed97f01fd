# SPDX-License-Identifier: Apache-2.0
"""What becomes of values on their way into a real cluster: JMESPath, members, templates, types."""

import base64
import json
import os
import time

from harness import memory, setup
from harness.process import wait_until
from harness.suite import EndToEndTest

DATABASE = '{"user": "shop", "password": "%s", "port": 3306, "long": 12345678901234567890}'
APPLICATION = """
type = "Opaque"
[[secret.data]]
source = "db"
jmes_path = [{ path = "user", object_alias = "user" },
             { path = "password", object_alias = "password" },
             { path = "long", object_alias = "long" }]
[[secret.data]]
source = "db"
version_stage = "ACSPrevious"
jmes_path = [{ path = "password", object_alias = "previous" }]
[[secret.data_process]]
extract = { source = "settings" }
replace_rule = [{ source = '^app\\.', target = "APP_" }]
[[secret.data]]
source = "keystore"
[[secret.template]]
key = "url"
text = "mysql://{{user}}:{{password}}@{{APP_host}}/"
"""


class TransformTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.kms = self.emulator()
        self.kubeconfig = self.cluster.kubeconfig(self.directory / "kubeconfig",
                                                  self.cluster.admin_identity)

    def configured(self, name, definition, **options):
        head = f'[[secret]]\nnamespace = "{self.namespace}"\nname = "{name}"\n'
        return self.daemon(setup.configuration(
            self.kubeconfig, setup.store(self.kms, self.directory), head + definition, **options))

    def synced(self, daemon):
        done = daemon.once()
        self.assertEqual(0, done.returncode, done.stderr)
        return done.stderr

    def data(self, name):
        return self.api.secret_data(self.namespace, name)

    def whole(self, name):
        """The object as it is stored."""
        return json.dumps(self.api.secret(self.namespace, name), sort_keys=True)


class OneSecretFromSeveralSources(TransformTest):
    def setUp(self):
        super().setUp()
        self.kms.put_secret("db", DATABASE % "first")
        self.kms.put("db", DATABASE % "second")
        self.kms.put_secret("settings", "app.host: db1\napp.version: 1.10\napp.mode: 0755\n")
        self.kms.put_secret("keystore", base64.b64encode(bytes(range(256))).decode(),
                            data_type="binary")
        self.daemon_of_test = self.configured("app", APPLICATION)
        self.synced(self.daemon_of_test)

    def expected(self, password, previous):
        return {"user": b"shop", "password": password, "previous": previous,
                "long": b"12345678901234567890", "APP_host": b"db1", "APP_version": b"1.10",
                "APP_mode": b"0755", "keystore": bytes(range(256)),
                "url": b"mysql://shop:" + password + b"@db1/"}

    def test_every_key_has_its_bytes(self):
        self.assertEqual(self.expected(b"second", b"first"), self.data("app"))

    def test_a_rotation_moves_both_stages_and_what_is_made_from_them(self):
        self.kms.rotate("db", DATABASE % "third")
        self.synced(self.daemon_of_test)
        self.assertEqual(self.expected(b"third", b"second"), self.data("app"))

    def test_a_second_run_writes_nothing(self):
        before = self.whole("app")
        self.synced(self.daemon_of_test)
        self.assertEqual(before, self.whole("app"))

    def test_a_member_that_goes_takes_its_key_along(self):
        self.kms.put("settings", "app.host: db1\n")
        self.synced(self.daemon_of_test)
        self.assertNotIn("APP_mode", self.data("app"))

    def test_b1_b5_a_path_that_fails_leaves_the_secret_as_it_is_to_the_byte(self):
        before = self.whole("app")
        for broken in ('{"user": "shop", "password": null, "long": 1}', '{"user": "must not arrive"',
                       "must not arrive", '{"user": "a", "user": "must not arrive"}'):
            self.kms.put("db", broken)
            done = self.daemon_of_test.once()
            self.assertEqual(1, done.returncode, done.stderr)
            self.assertIn("RENDER_FAILED", done.stderr)
            self.assertIn("shared/db", done.stderr)
            self.assertNotIn("must not arrive", done.stderr)
            self.assertEqual(before, self.whole("app"))

    def test_b4_two_members_that_become_one_key_leave_the_secret_as_it_is(self):
        before = self.whole("app")
        self.kms.put("settings", '{"app.host": "a", "APP_host": "b"}')
        done = self.daemon_of_test.once()
        self.assertEqual(1, done.returncode, done.stderr)
        self.assertIn("key 'APP_host' is made twice", done.stderr)
        self.assertEqual(before, self.whole("app"))

    def test_an_emptied_document_does_not_empty_the_secret(self):
        before = self.whole("app")
        self.kms.put("settings", "{}")
        done = self.daemon_of_test.once()
        self.assertEqual(1, done.returncode, done.stderr)
        self.assertEqual(before, self.whole("app"))


class Running(TransformTest):
    def test_a_running_daemon_follows_a_rotation(self):
        self.kms.put_secret("db", DATABASE % "one")
        daemon = self.configured("s", """[[secret.data]]
source = "db"
jmes_path = [{ path = "password", object_alias = "p" },
             { path = "nope", object_alias = "q", optional = true }]
""")
        daemon.start()
        daemon.wait_for_log("key 'q' is left out")
        self.kms.rotate("db", DATABASE % "two")
        wait_until(lambda: self.data("s") == {"p": b"two"}, "the new password arrives",
                   process=daemon.process)


MADE = """
[[secret.data_process]]
extract = { source = "json" }
replace_rule = [{ source = "^", target = "j_" }]
[[secret.data]]
source = "yaml"
jmes_path = [{ path = "join('', [list[0].value, list[1]])", object_alias = "joined" },
             { path = "list", object_alias = "list", nested = "yaml" },
             { path = "to_string(@)", object_alias = "text", encode = "base64" }]
[[secret.template]]
key = "file"
text = "{{j_a}} {{#b64}}{{j_b}}{{/b64}} {{#json}}{{joined}}{{/json}}"
"""


class Memory(TransformTest):
    """Rules 8, for what passes through the parsers, the expressions and the templates."""

    def setUp(self):
        super().setUp()
        if os.geteuid() != 0:
            self.skipTest("the daemon is not dumpable: only root may look into its memory")
        self.values = []

    def put(self):
        new = [memory.canary(length) for length in (15, 40, 600, 5000)]
        self.values += new
        self.kms.put_secret("json", json.dumps({"a": new[0], "b": new[1], "n": {"x": [new[2]]}}))
        self.kms.put_secret("yaml", f"list:\n- value: {new[3]}\n- '{new[2]}'\nanchor: &a {new[0]}\n")

    def check_clean(self, process):
        def clean():
            return not any(memory.hits(process.pid, self.values).values())
        time.sleep(5)  # equal reads are answered from memory for five seconds
        wait_until(clean, "no value is left in memory", 20, process)

    def test_no_copy_is_left_after_created_updated_and_failed_rounds(self):
        self.put()
        daemon = self.configured("s", MADE, interval="30s")
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED")
        self.assertTrue(any(memory.hits(daemon.process.pid, self.values).values()),
                        "the look finds what is still shared")
        self.check_clean(daemon.process)
        self.put()
        daemon.wait_for_log("SECRET_UPDATED", timeout=60)
        self.check_clean(daemon.process)
        self.kms.put("yaml", f"list: [{{value: {self.values[0]}}}, 7]\n")
        daemon.wait_for_log("RENDER_FAILED", timeout=60)
        self.check_clean(daemon.process)


class Types(TransformTest):
    def test_image_pull_credentials_are_built_and_taken_by_the_api_server(self):
        self.kms.put_secret("registry", '{"u": "me", "p": "pw"}')
        self.synced(self.configured("pull", """type = "kubernetes.io/dockerconfigjson"
[[secret.data_process]]
extract = { source = "registry" }
template_only = true
[[secret.build]]
registry = "r.example.com"
username = "u"
password = "p"
"""))
        config = json.loads(self.data("pull")[".dockerconfigjson"])
        self.assertEqual({"username": "me", "password": "pw", "auth": "bWU6cHc="},
                         config["auths"]["r.example.com"])

    def test_a_type_without_its_keys_is_never_sent(self):
        self.kms.put_secret("a", '{"tls.crt": "x"}')
        done = self.configured("tls", """type = "kubernetes.io/tls"
[[secret.data_process]]
extract = { source = "a" }
""").once()
        self.assertEqual(1, done.returncode, done.stderr)
        self.assertIn("needs the key 'tls.key'", done.stderr)

    def test_a_type_that_mints_tokens_needs_the_permission_of_the_daemon(self):
        self.kms.put_secret("token-id", "abcdef")
        self.kms.put_secret("token-secret", "0123456789abcdef")
        definition = """type = "bootstrap.kubernetes.io/token"
[[secret.data]]
source = "token-id"
[[secret.data]]
source = "token-secret"
"""
        daemon = self.configured("bootstrap-token-abcdef", definition)
        self.assertIn("allowed_secret_types", daemon.run("--check-config").stderr)
        permission = '[daemon]\nallowed_secret_types = ["bootstrap.kubernetes.io/token"]\n'
        daemon.configure(daemon.config_path.read_text() + permission)
        self.synced(daemon)
        self.assertEqual({"token-id", "token-secret"}, set(self.data("bootstrap-token-abcdef")))


class Offline(TransformTest):
    def test_render_prints_keys_and_lengths_without_a_cluster_and_never_values(self):
        daemon = self.configured("app", APPLICATION.replace('[[secret.data]]\nsource = "keystore"\n', ""))
        self.kms.stop()
        values = {"shared/db": DATABASE % "hunter2", "shared/db@ACSPrevious": DATABASE % "before",
                  "shared/settings": '{"app.host": "h"}'}
        done = daemon.run("--render", f"{self.namespace}/app", input=json.dumps(values))
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual(["APP_host\t1 byte", "long\t20 bytes", "password\t7 bytes",
                          "previous\t6 bytes", "url\t23 bytes", "user\t4 bytes"],
                         done.stdout.splitlines())
        shown = daemon.run("--render", f"{self.namespace}/app", "--show-values",
                           input=json.dumps(values))
        self.assertEqual(1, shown.returncode)
        self.assertNotIn("hunter2", shown.stdout + shown.stderr)

    def test_a_bad_path_is_a_configuration_error_with_its_place(self):
        daemon = self.configured("app", """[[secret.data]]
source = "db"
jmes_path = [{ path = "a[", object_alias = "b" }]
""")
        done = daemon.run("--check-config")
        self.assertEqual(1, done.returncode)
        self.assertRegex(done.stderr, r"kms-secretd.toml:\d+:26: the path is no JMESPath")
