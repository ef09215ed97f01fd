# SPDX-License-Identifier: Apache-2.0
"""Runs inside the SDK's environment: makes the calls that test_vendor_sdk.py asks for.

One JSON object a line on stdin, one on stdout: {"sdk": "v3", "operation": "GetSecretValue",
"parameters": {...}, "endpoint": "host:port" or null, "ca": FILE, "id", "secret", "token",
"proxy"} is answered by {"body": {...}} or {"error": code, "message", "status"}. With the sdk
"credentials" the operation is a provider of alibabacloud_credentials, made with "options"; it is
answered by {"id", "secret", "token"} or {"error": text}.
"""

import json
import logging
import re
import sys

from alibabacloud_credentials.http import HttpOptions
from alibabacloud_credentials.provider.ecs_ram_role import EcsRamRoleCredentialsProvider
from alibabacloud_credentials.provider.oidc import OIDCRoleArnCredentialsProvider
from alibabacloud_credentials.provider.ram_role_arn import RamRoleArnCredentialsProvider
from alibabacloud_credentials.provider.uri import URLCredentialsProvider
from alibabacloud_kms20160120 import models
from alibabacloud_kms20160120.client import Client
from alibabacloud_tea_openapi import models as openapi
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from Tea.exceptions import TeaException

REGION = "cn-hangzhou"
PROVIDERS = {"ram_role_arn": RamRoleArnCredentialsProvider, "oidc": OIDCRoleArnCredentialsProvider,
             "ecs_ram_role": EcsRamRoleCredentialsProvider, "uri": URLCredentialsProvider}


def snake_case(name):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def current_sdk(call):
    """alibabacloud_kms20160120: OpenAPI V3, ACS3-HMAC-SHA256."""
    client = Client(openapi.Config(
        access_key_id=call["id"], access_key_secret=call["secret"],
        security_token=call.get("token"), endpoint=call.get("endpoint"), region_id=REGION,
        protocol="https", ca=call["ca"], https_proxy=call.get("proxy"),
        read_timeout=10000, connect_timeout=5000))
    request = getattr(models, f"{call['operation']}Request")().from_map(call["parameters"])
    try:
        return {"body": getattr(client, snake_case(call["operation"]))(request).body.to_map()}
    except TeaException as error:
        return {"error": error.code, "message": error.message,
                "status": getattr(error, "status_code", None)}


def older_sdk(call):
    """aliyun-python-sdk-core: RPC V1, HMAC-SHA1."""
    host, port = call["endpoint"].split(":")
    arguments = {"region_id": REGION, "port": int(port), "verify": call["ca"],
                 "auto_retry": False, "timeout": 10}
    if call.get("token"):
        credential = StsTokenCredential(call["id"], call["secret"], call["token"])
        client = AcsClient(credential=credential, **arguments)
    else:
        client = AcsClient(ak=call["id"], secret=call["secret"], **arguments)
    request = CommonRequest(domain=host, version="2016-01-20", action_name=call["operation"])
    request.set_protocol_type("https")
    request.set_method(call.get("method", "POST"))
    for name, value in call["parameters"].items():
        request.add_query_param(name, value)
    try:
        return {"body": json.loads(client.do_action_with_exception(request))}
    except ServerException as error:
        return {"error": error.get_error_code(), "message": error.get_error_msg(),
                "status": error.get_http_status()}


def credentials_sdk(call):
    """alibabacloud_credentials: STS by V1, the metadata service, a credentials URI."""
    options = dict(call["options"])
    name = call["operation"]
    if name in ("ram_role_arn", "oidc"):
        options["sts_endpoint"] = call["sts"]
    if name == "ecs_ram_role":
        options.update(async_update_enabled=False, http_options=HttpOptions(proxy=call["proxy"]))
    try:
        got = PROVIDERS[name](**options).get_credentials()
        return {"id": got.get_access_key_id(), "secret": got.get_access_key_secret(),
                "token": got.get_security_token()}
    except Exception as error:  # pylint: disable=broad-exception-caught
        return {"error": f"{type(error).__name__}: {error}"}


def main():
    logging.disable(logging.CRITICAL)  # the credentials SDK tells of every refusal, loudly
    for line in sys.stdin:
        call = json.loads(line)
        answer = {"v3": current_sdk, "v1": older_sdk, "credentials": credentials_sdk}[call.pop("sdk")](call)
        print(json.dumps(answer), flush=True)


main()
