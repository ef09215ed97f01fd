# SPDX-License-Identifier: Apache-2.0
"""Who a store can be in the tests of authentication, and the `auth` table for each."""

import json

ACCOUNT = "1234567890123456"
REMOTE_ACCOUNT = "6543210987654321"
READER = f"acs:ram::{ACCOUNT}:role/reader"
NODE = f"acs:ram::{ACCOUNT}:role/node"
REMOTE = f"acs:ram::{REMOTE_ACCOUNT}:role/remote-reader"
PROVIDER = f"acs:ram::{ACCOUNT}:oidc-provider/ack-rrsa-test"
ISSUER = "https://kubernetes.default.svc"
SERVICE_ACCOUNT = "kms-reader"
EXTERNAL_ID = "agreed+upon"


class Identities:
    """An emulator that knows roles, an OIDC provider with the cluster's keys and an instance."""

    def __init__(self, emulator, api, namespace, directory):
        self.kms, self.api, self.namespace, self.directory = emulator, api, namespace, directory
        jwks = api.get("/openid/v1/jwks", accept="application/jwk-set+json")
        jwks = json.loads(jwks) if isinstance(jwks, str) else jwks
        emulator.put_oidc_provider(PROVIDER, ISSUER, jwks)
        self.put_roles()
        emulator.metadata(role_arn=NODE)
        self.create_service_account()

    def put_roles(self, session_seconds=0):
        """session_seconds: how long sessions really last, whatever was asked for."""
        subject = f"system:serviceaccount:{self.namespace}:{SERVICE_ACCOUNT}"
        short = {"session_seconds": session_seconds}
        self.kms.put_role(READER, f"acs:ram::{ACCOUNT}:root", (PROVIDER, subject), **short)
        self.kms.put_role(NODE, **short)
        self.kms.put_role(REMOTE, f"acs:ram::{ACCOUNT}:root", READER, NODE,
                          external_id=EXTERNAL_ID, **short)

    def create_service_account(self):
        self.api.post(f"/api/v1/namespaces/{self.namespace}/serviceaccounts", {
            "apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": SERVICE_ACCOUNT}})

    def token(self, audience="sts.aliyuncs.com", name=SERVICE_ACCOUNT):
        """A token as a pod of that ServiceAccount would find it, from the real API server."""
        path = f"/api/v1/namespaces/{self.namespace}/serviceaccounts/{name}/token"
        return self.api.post(path, {
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
            "spec": {"audiences": [audience], "expirationSeconds": 600}})["status"]["token"]

    def file(self, name, content):
        """A secret's place as an administrator writes it: replaced by rename."""
        path = self.directory / name
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(content)
        fresh.rename(path)
        return {"file": str(path)}

    # One `auth` table for each type.

    def access_key(self, key=None):
        key = key or self.kms.access_key
        return {"type": "access_key", "id": self.file("ak-id", key["id"] + "\n"),
                "secret": self.file("ak-secret", key["secret"] + "\n")}

    def sts(self):
        key = {"id": "STS.e2e", "secret": "e2e", "token": "CAIS+e2e/token=="}
        self.kms.put_key(**key)
        return {"type": "sts", **{part: self.file(f"sts-{part}", key[part]) for part in key}}

    def ecs_ram_role(self, **options):
        return {"type": "ecs_ram_role", "metadata_endpoint": self.kms.metadata_host, **options}

    def ram_role(self):
        return {"type": "ram_role", "role_arn": READER, "base": self.access_key()}

    def oidc_by_file(self):
        return {"type": "oidc", "role_arn": READER, "provider_arn": PROVIDER,
                "token": self.file("token", self.token())}

    def oidc_by_service_account(self, **options):
        return {"type": "oidc", "role_arn": READER, "provider_arn": PROVIDER,
                "service_account": f"{self.namespace}/{SERVICE_ACCOUNT}", **options}

    def credentials_uri(self):
        return {"type": "credentials_uri", "uri": f"{self.kms.metadata_url}/credentials"}

    def ini_profile(self):
        key = self.kms.access_key
        return {"type": "profile", "profile": "role", "file": self.file("credentials", "\n".join([
            "[default]", "type = access_key", "access_key_id = nobody", "access_key_secret = x",
            "[role]", "type = ram_role_arn", f"access_key_id = {key['id']}",
            f"access_key_secret = {key['secret']}", f"role_arn = {READER}", ""]))}

    def cli_profile(self):
        key = self.kms.access_key
        return {"type": "profile", "file": self.file("config.json", json.dumps({
            "current": "far", "profiles": [
                {"name": "near", "mode": "AK", "access_key_id": key["id"],
                 "access_key_secret": key["secret"]},
                {"name": "far", "mode": "ChainableRamRoleArn", "source_profile": "near",
                 "ram_role_arn": READER, "ram_session_name": "cli"}]}))}

    def chain(self):
        nowhere = {"type": "access_key", "id": {"file": "/nonexistent/id"},
                   "secret": {"file": "/nonexistent/secret"}}
        return {"type": "chain", "members": [nowhere, self.access_key()]}

    def remote(self, auth, **options):
        """The same, followed by the role of the other account."""
        return {**auth, "remote_role": REMOTE, "external_id": EXTERNAL_ID, **options}
