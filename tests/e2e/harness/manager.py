# SPDX-License-Identifier: Apache-2.0
"""systemd's end of the notification socket."""

import socket


class ServiceManager:
    """What the daemon tells systemd, oldest first."""

    def __init__(self, path):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.settimeout(20)
        self.environment = {"NOTIFY_SOCKET": str(path)}
        self.told = []

    def close(self):
        self._socket.close()

    def wait_for(self, text):
        """The next message that has this text."""
        while True:
            message = self._socket.recv(65536).decode()
            self.told.append(message)
            if text in message:
                return message

    def status(self):
        """The status line as `systemctl status` would show it now."""
        self._socket.setblocking(False)
        try:
            while True:
                self.told.append(self._socket.recv(65536).decode())
        except BlockingIOError:
            pass
        finally:
            self._socket.settimeout(20)
        lines = [line for message in self.told for line in message.splitlines()
                 if line.startswith("STATUS=")]
        return lines[-1].removeprefix("STATUS=") if lines else ""
