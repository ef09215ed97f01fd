# SPDX-License-Identifier: Apache-2.0
"""Kubeconfig files as an administrator writes them."""

import base64
import pathlib


def _data(path):
    return base64.b64encode(pathlib.Path(path).read_bytes()).decode()


def _user_lines(identity, token, token_file, embed):
    if token_file is not None:
        return [f"    tokenFile: {token_file}"]
    if token is not None:
        return [f"    token: {token}"]
    if embed:
        return [f"    client-certificate-data: {_data(identity.certificate)}",
                f"    client-key-data: {_data(identity.key)}"]
    return [f"    client-certificate: {identity.certificate}", f"    client-key: {identity.key}"]


def write(path, server, authority, identity=None, *, token=None, token_file=None, embed=True):
    """Writes a kubeconfig with one context, for a client certificate, a token or a token file."""
    ca = (f"certificate-authority-data: {_data(authority)}" if embed
          else f"certificate-authority: {authority}")
    lines = ["apiVersion: v1", "kind: Config", "current-context: test", "clusters:",
             "- name: test", "  cluster:", f"    server: {server}", f"    {ca}",
             "contexts:", "- name: test", "  context:", "    cluster: test", "    user: test",
             "users:", "- name: test", "  user:",
             *_user_lines(identity, token, token_file, embed)]
    path = pathlib.Path(path)
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n")
    return path
