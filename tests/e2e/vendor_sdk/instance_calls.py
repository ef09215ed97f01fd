# SPDX-License-Identifier: Apache-2.0
"""Runs inside the environment of the SDK for client keys, as calls.py does in the other's.

One JSON object a line on stdin, one on stdout: {"parameters": {...}, "endpoint": "host:port", "ca":
FILE, "json": the client key, "password"} or, instead of the last two, {"id", "private_key"} is
answered by {"body": {...}} or {"error": code, "message", "status"}.
"""

import json
import pathlib
import sys

from openapi import models as openapi
from openapi_util import models as util
from openapi_util.client import Client as Util
from sdk import models
from sdk.client import Client
from Tea.exceptions import TeaException, UnretryableException


def client_of(call):
    config = openapi.Config(protocol="https", endpoint=call["endpoint"], read_timeout=10000,
                            connect_timeout=5000, ca_file_path=call["ca"])
    if "json" in call:
        config.client_key_content, config.password = call["json"], call["password"]
    else:
        # The SDK wants PEM without its first and last line, as it makes it out of a PKCS#12 itself.
        config.access_key_id = call["id"]
        config.private_key = Util.trim_private_key_pem(call["private_key"])
    return Client(config)


def answer_to(call):
    try:
        client = client_of(call)
    except Exception as error:  # pylint: disable=broad-except
        return {"error": "ClientKey", "message": str(error)}
    request = models.GetSecretValueRequest().from_map(call["parameters"])
    request.request_headers = {}
    runtime = util.RuntimeOptions(autoretry=False)
    try:
        return {"body": client.get_secret_value_with_options(request, runtime).to_map()}
    except UnretryableException as error:  # wraps what it would have repeated
        return refusal(error.inner_exception)
    except Exception as error:  # pylint: disable=broad-except
        return refusal(error)


def refusal(error):
    if not isinstance(error, TeaException):
        return {"error": type(error).__name__, "message": str(error)}
    return {"error": error.code, "message": error.message,
            "status": (error.data or {}).get("httpCode")}


def main():
    # Its settings for urllib3 warn on stderr; nothing else may get onto stdout.
    answers = pathlib.Path("/dev/stdout").open("w", encoding="utf-8")
    sys.stdout = sys.stderr
    for line in sys.stdin:
        print(json.dumps(answer_to(json.loads(line))), file=answers, flush=True)


main()
