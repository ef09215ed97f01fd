# SPDX-License-Identifier: Apache-2.0
"""Configurations as an administrator writes them, for the emulator and a cluster."""

import json

# What packaging/kubernetes/role.yaml grants, for these Secrets only.
SECRET_VERBS = ["get", "patch", "create", "delete"]


def toml(value):
    """A TOML value; JSON's strings, numbers and booleans are TOML's; a dict is an inline table."""
    if isinstance(value, dict):
        members = ", ".join(f"{json.dumps(key)} = {toml(each)}" for key, each in value.items())
        return f"{{ {members} }}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(each) for each in value) + "]"
    return json.dumps(value)


def store(emulator, directory, name="shared", **members):
    """A [store.*] that reads from the emulator; the access key lies in files, as on a host."""
    for part in ("id", "secret"):
        path = directory / f"{name}-access-key-{part}"
        path.touch(mode=0o600)
        path.write_text(emulator.access_key[part] + "\n")
    members.setdefault("ca_file", str(emulator.ca_file))
    members.setdefault("endpoint", emulator.host)
    lines = [f"[store.{name}]", 'backend = "kms-endpoint"', "custom_endpoint = true",
             f'auth = {{ type = "access_key", '
             f"id = {{ file = {toml(str(directory / f'{name}-access-key-id'))} }}, "
             f"secret = {{ file = {toml(str(directory / f'{name}-access-key-secret'))} }} }}"]
    lines += [f"{key} = {toml(value)}" for key, value in members.items()]
    return "\n".join(lines) + "\n"


def store_with(emulator, auth, name="shared", **members):
    """A [store.*] that reads from the emulator with any `auth` table; STS is the emulator, too."""
    sts = {"endpoint": emulator.host, "custom_endpoint": True, "ca_file": str(emulator.ca_file)}
    lines = [f"[store.{name}]", 'backend = "kms-endpoint"', f"endpoint = {toml(emulator.host)}",
             "custom_endpoint = true", f"ca_file = {toml(str(emulator.ca_file))}",
             f"auth = {toml({**auth, 'sts': sts})}"]
    lines += [f"{key} = {toml(value)}" for key, value in members.items()]
    return "\n".join(lines) + "\n"


def write_secret(path, text):
    """A file that only the daemon's user may read, replaced whole."""
    new = path.with_name(path.name + ".new")
    new.touch(mode=0o600)
    new.write_text(text)
    new.rename(path)


def write_client_key(directory, key, name="instance"):
    """The two files of the console, as they are downloaded."""
    write_secret(directory / f"{name}-client-key.json", key["json"])
    write_secret(directory / f"{name}-client-key-password.txt", key["password"] + "\n")


def instance_store(emulator, directory, name="instance", **members):
    """A [store.*] that reads from the emulator by a client key; see write_client_key()."""
    members.setdefault("ca_file", str(emulator.ca_file))
    members.setdefault("endpoint", emulator.host)
    key, password = (directory / f"{name}-client-key.json",
                     directory / f"{name}-client-key-password.txt")
    lines = [f"[store.{name}]", 'backend = "kms-instance-endpoint"', "custom_endpoint = true",
             f"client_key = {{ file = {toml(str(key))} }}",
             f"client_key_password = {{ file = {toml(str(password))} }}"]
    lines += [f"{option} = {toml(value)}" for option, value in members.items()]
    return "\n".join(lines) + "\n"


def secret(namespace, name, data, **members):
    """A [[secret]]; data maps a key to the name in KMS, or to a table of [[secret.data]]."""
    lines = ["[[secret]]", f"namespace = {toml(namespace)}", f"name = {toml(name)}"]
    lines += [f"{key} = {toml(value)}" for key, value in members.items()]
    for key, source in data.items():
        entry = source if isinstance(source, dict) else {"source": source}
        lines += ["[[secret.data]]", f"key = {toml(key)}"]
        lines += [f"{option} = {toml(value)}" for option, value in entry.items()]
    return "\n".join(lines) + "\n"


def configuration(kubeconfig, *parts, interval="5s", observe="poll", lease=None, kubernetes=None):
    """A whole kms-secretd.toml. lease: members of [high_availability]; without them alone, for all
    tests share a cluster, and daemons of one instance would wait for each other. kubernetes: further
    members of [kubernetes]."""
    available = {"mode": "none"} if lease is None else {"mode": "leader", **lease}
    parts = ("[high_availability]\n" + "".join(
        f"{key} = {toml(value)}\n" for key, value in available.items()), *parts)
    head = f"[polling]\ninterval = {toml(interval)}\n[kubernetes]\nkubeconfig = {toml(str(kubeconfig))}\n"
    head += "".join(f"{key} = {toml(value)}\n" for key, value in (kubernetes or {}).items())
    return head + f"observe = {toml(observe)}\n" + "\n".join(parts)
