# SPDX-License-Identifier: Apache-2.0
"""Several clusters: two real API servers, one KMS, one daemon."""

import json
import pathlib
import shutil
import signal
import tempfile

from harness import control, setup
from harness.api import secret_path
from harness.cluster import Cluster
from harness.process import wait_until
from harness.suite import EndToEndTest

LEASES = "/apis/coordination.k8s.io/v1/namespaces"
LEASE = "kms-secretd-default"


class ClustersTest(EndToEndTest):
    """The run's cluster is "near"; "far" is this module's own, so that it may die."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        directory = pathlib.Path(tempfile.mkdtemp(prefix="kms-secretd-e2e-far-"))
        cls.addClassCleanup(shutil.rmtree, directory, ignore_errors=True)
        cls.far = Cluster(directory)
        cls.addClassCleanup(cls.far.stop)
        cls.far.start()

    def setUp(self):
        super().setUp()
        self.kms = self.emulator()
        self.kms.put_secret("a", "1")
        self.far_api = self.far.admin()
        self.second = self.namespace + "-2"
        self.far_api.create_namespace(self.namespace)
        self.socket = self.directory / "c.sock"

    # Configurations

    def clusters(self, observe="watch"):
        for name, cluster in (("near", self.cluster), ("far", self.far)):
            cluster.kubeconfig(self.directory / name, cluster.admin_identity)
        return self.table("near", observe) + self.table("far", observe)

    def table(self, name, observe, timeout="2s"):
        return (f'[cluster.{name}]\nkubeconfig = "{self.directory / name}"\n'
                f'observe = "{observe}"\ntimeout = "{timeout}"\n')

    def configuration(self, *parts, interval="5s", lease=False, observe="watch"):
        available = 'mode = "none"\n'
        if lease:
            available = f'lease_namespace = "{self.namespace}"\nlease_duration = "6s"\n'
        return "\n".join((
            f'[polling]\ninterval = "{interval}"\n[high_availability]\n{available}',
            f'[control]\nsocket = "{self.socket}"\n', self.clusters(observe),
            setup.store(self.kms, self.directory), *parts))

    def secret(self, name="s", **members):
        """In both clusters."""
        return setup.secret(self.namespace, name, {"k": "a"}, clusters=["near", "far"], **members)

    def everywhere(self, name="s"):
        return setup.secret(self.namespace, name, {"k": "a"}, clusters=["near", "far"]).replace(
            f'namespace = "{self.namespace}"',
            f'namespaces = ["{self.namespace}", "{self.second}"]')

    # What is there

    def value(self, api, namespace=None, name="s"):
        namespace = namespace or self.namespace
        if not api.exists(secret_path(namespace, name)):
            return None
        return api.secret_data(namespace, name)["k"].decode()

    def wait_for(self, api, value, what, timeout=60):
        wait_until(lambda: self.value(api) == value, what, timeout)

    def reads(self):
        return [each for each in self.kms.requests() if each["operation"] == "GetSecretValue"]

    def status(self):
        return json.loads(control.page(self.socket, "/v1/status")[1])

    def cluster_status(self, name):
        return next(each for each in self.status()["clusters"] if each["name"] == name)

    def far_is_dead(self):
        self.far.kill_apiserver()
        self.addCleanup(self.revive)

    def revive(self):
        if self.far.apiserver.exit_code() is not None:
            self.far.restart_apiserver()


class FanOutTest(ClustersTest):
    def test_one_definition_fills_namespaces_of_both_clusters_with_one_read(self):
        self.api.create_namespace(self.second)
        self.far_api.create_namespace(self.second)
        daemon = self.daemon(self.configuration(self.everywhere(), interval="1h"))
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED", count=4)
        for api in (self.api, self.far_api):
            for namespace in (self.namespace, self.second):
                self.assertEqual("1", self.value(api, namespace))
        self.assertEqual(1, len(self.reads()), self.reads())
        log = daemon.process.log()
        self.assertIn(f"far:{self.second}/s: created", log)
        metrics = control.page(self.socket, "/metrics")[1]
        self.assertIn(f'secret_in_sync{{cluster="far",namespace="{self.second}",name="s"}} 1',
                      metrics)

    def test_a_plan_tells_of_all_clusters(self):
        self.daemon(self.configuration(self.secret(), interval="1h")).start()
        self.wait_for(self.far_api, "1", "it is there")
        status, said = control.page(self.socket, "/v1/plan", "POST", "{}")
        self.assertEqual(200, status, said)
        self.assertEqual({"near", "far"}, {each["cluster"] for each in json.loads(said)["targets"]})

    def test_a_change_in_one_cluster_is_healed_there(self):
        daemon = self.daemon(self.configuration(self.secret(), interval="1h"))
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED", count=2)
        self.far_api.delete(secret_path(self.namespace, "s"))
        self.wait_for(self.far_api, "1", "the deleted Secret is back")
        self.assertNotIn(f"near:{self.namespace}/s: healed", daemon.process.log())

    def test_once_serves_all_clusters(self):
        done = self.daemon(self.configuration(self.secret(), lease=True)).once()
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual(("1", "1"), (self.value(self.api), self.value(self.far_api)))

    def test_rights_are_printed_for_each_cluster(self):
        daemon = self.daemon(self.configuration(self.secret(), setup.secret(
            self.namespace, "only-near", {"k": "a"}, cluster="near")))
        both = daemon.run("--print-rbac").stdout
        far = daemon.run("--print-rbac", "--cluster", "far").stdout
        self.assertIn('in cluster "near"', both)
        self.assertIn('in cluster "far"', both)
        self.assertNotIn("only-near", far)
        self.assertIn('- "s"', far)
        wrong = daemon.run("--print-rbac", "--cluster", "nowhere")
        self.assertEqual(1, wrong.returncode)
        self.assertIn("there is no cluster nowhere", wrong.stderr)


class DeadClusterTest(ClustersTest):
    def test_one_that_is_dead_at_the_start_delays_no_other_and_comes_back_by_itself(self):
        self.far_is_dead()
        daemon = self.daemon(self.configuration(
            *(self.secret(f"s{number}") for number in range(12)), self.secret(), lease=True))
        daemon.start()
        self.wait_for(self.api, "1", "the living cluster has its Secret")
        self.kms.put("a", "2")
        self.wait_for(self.api, "2", "the living cluster has the new value")
        self.assertIn("the Lease cannot be had", self.cluster_status("far")["leadership"])
        self.far.restart_apiserver()
        self.wait_for(self.far_api, "2", "the cluster that came back has its Secret", 120)

    def test_one_that_dies_later_is_said_and_probed_and_the_other_is_served_on(self):
        daemon = self.daemon(self.configuration(
            *(self.secret(f"s{number}") for number in range(12)), self.secret()))
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED", count=26)
        self.far_is_dead()
        self.kms.put("a", "2")
        self.wait_for(self.api, "2", "the living cluster has the new value")
        daemon.wait_for_log("cluster far: the API server does not answer", 60)
        self.assertEqual("open", self.cluster_status("far")["breaker"])
        self.kms.put("a", "3")
        self.wait_for(self.api, "3", "the living cluster is served on")
        self.assertEqual("closed", self.cluster_status("near")["breaker"])
        self.far.restart_apiserver()
        self.wait_for(self.far_api, "3", "the cluster that came back has the value", 150)
        daemon.wait_for_log("cluster far: the API server answers again")

    def test_one_that_hangs_holds_no_store_that_another_needs(self):
        # One round at a time for each store and cluster, and requests that hang for minutes.
        text = self.configuration(self.secret(), observe="poll").replace(
            'timeout = "2s"', 'timeout = "5m"') + "[daemon]\nworkers = 4\n"
        daemon = self.daemon(text)
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED", count=2)
        self.far.apiserver.send(signal.SIGSTOP)
        self.addCleanup(self.far.apiserver.send, signal.SIGCONT)
        for value in ("2", "3"):
            self.kms.put("a", value)
            self.wait_for(self.api, value, "the other cluster has the new value")
        # A reload that takes the cluster away ends the round that hangs there.
        near = self.secret().replace('clusters = ["near", "far"]', 'cluster = "near"')
        daemon.configure(text.replace(self.secret(), near).replace(self.table("far", "poll", "5m"),
                                                                   ""))
        daemon.reload()
        daemon.wait_for_log("RELOADED")
        self.kms.put("a", "4")
        self.wait_for(self.api, "4", "the other cluster has the new value")
        self.assertEqual(0, daemon.stop(timeout=6.0))

    def test_a_stop_is_quick_though_one_is_dead(self):
        daemon = self.daemon(self.configuration(self.secret(), lease=True))
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED", count=2)
        self.far_is_dead()
        self.assertEqual(0, daemon.stop(timeout=6.0))
        lease = self.api.get(f"{LEASES}/{self.namespace}/leases/{LEASE}")
        self.assertEqual("", lease["spec"].get("holderIdentity", ""))


class LeaderTest(ClustersTest):
    def lease(self, api):
        return api.get(f"{LEASES}/{self.namespace}/leases/{LEASE}")

    def test_another_daemon_leads_in_one_cluster_and_this_one_in_the_other(self):
        self.far_api.post(f"{LEASES}/{self.namespace}/leases", {
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": LEASE},
            "spec": {"holderIdentity": "somebody_1", "leaseDurationSeconds": 3600,
                     "acquireTime": "2026-01-01T00:00:00.000000Z",
                     "renewTime": "2026-01-01T00:00:00.000000Z", "leaseTransitions": 1}})
        daemon = self.daemon(self.configuration(self.secret(), lease=True))
        daemon.start()
        self.wait_for(self.api, "1", "the cluster that it leads has its Secret")
        daemon.wait_for_log("cluster far: standby: somebody_1 leads")
        self.assertIn("leads since", self.cluster_status("near")["leadership"])
        self.assertIn("standby: somebody_1", self.cluster_status("far")["leadership"])
        self.assertIsNone(self.value(self.far_api))
        self.assertTrue(self.status()["ready"], self.status()["not_ready"])

        reply = control.page(self.socket, "/v1/sync", "POST", json.dumps({"all": True}))
        self.assertEqual(202, reply[0])
        self.assertIn("somebody_1", json.loads(reply[1])["not_here"])
        target = f"far:{self.namespace}/s"
        reply = control.page(self.socket, "/v1/sync", "POST",
                             json.dumps({"target": target}))
        self.assertEqual(409, reply[0])

        self.far_api.delete(f"{LEASES}/{self.namespace}/leases/{LEASE}")
        self.wait_for(self.far_api, "1", "it leads in the other one, too")

    def test_a_lease_that_is_lost_in_one_cluster_ends_no_work_in_the_other(self):
        daemon = self.daemon(self.configuration(self.secret(), lease=True))
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED", count=2)
        self.far_is_dead()
        daemon.wait_for_log("cluster far: this daemon leads no longer", 60)
        self.kms.put("a", "2")
        self.wait_for(self.api, "2", "the other cluster is served on")
        self.assertNotIn("cluster near: this daemon leads no longer", daemon.process.log())
        self.far.restart_apiserver()
        self.wait_for(self.far_api, "2", "a new reign begins where the last one ended", 120)


class PolicyTest(ClustersTest):
    def refused(self, policy):
        daemon = self.daemon(self.configuration(policy, self.secret()))
        done = daemon.run("--check-config")
        self.assertEqual(1, done.returncode, done.stdout)
        return done.stderr

    def test_what_a_policy_forbids_is_refused_when_it_is_loaded(self):
        said = self.refused('[[policy]]\nstores = ["shar?d"]\nclusters = ["near"]\n')
        self.assertIn(f"Secret 'far:{self.namespace}/s': store 'shared' may not feed cluster 'far', "
                      "says the [[policy]] at", said)
        said = self.refused(f'[[policy]]\nexclude = {{ namespaces = ["{self.namespace[:4]}*"] }}\n')
        self.assertIn(f"may not feed namespace '{self.namespace}'", said)

    def test_a_reload_that_a_policy_forbids_leaves_the_old_configuration_in_force(self):
        daemon = self.daemon(self.configuration(self.secret()))
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED", count=2)
        daemon.configure(self.configuration('[[policy]]\nnames = ["other"]\n', self.secret()))
        daemon.reload()
        daemon.wait_for_log("RELOAD_FAILED")
        self.kms.put("a", "2")
        self.wait_for(self.far_api, "2", "the old configuration works on")

    def test_what_every_policy_permits_is_written(self):
        policy = f'[[policy]]\nclusters = ["n*", "far"]\nnamespaces = ["{self.namespace}"]\n'
        done = self.daemon(self.configuration(policy, self.secret())).once()
        self.assertEqual(0, done.returncode, done.stderr)
