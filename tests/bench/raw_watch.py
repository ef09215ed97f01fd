# SPDX-License-Identifier: Apache-2.0
"""raw_watch.py PORT CA CERTIFICATE KEY NAMESPACE: holds a metadata watch open on the Secrets of a
namespace, as the daemon does, and throws away what it says, until it is killed. Prints a line once
the watch is open."""

import http.client
import ssl
import sys

METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"


def main():
    port, authority, certificate, key, namespace = sys.argv[1:]
    context = ssl.create_default_context(cafile=authority)
    context.load_cert_chain(certificate, key)
    connection = http.client.HTTPSConnection("127.0.0.1", int(port), context=context)
    connection.request("GET", f"/api/v1/namespaces/{namespace}/secrets?watch=1",
                       headers={"Accept": METADATA})
    reply = connection.getresponse()
    print(reply.status, flush=True)
    while reply.read1(65536):
        pass


if __name__ == "__main__":
    main()
