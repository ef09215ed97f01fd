# SPDX-License-Identifier: Apache-2.0
"""A plain HTTP proxy on loopback: the vendor's SDK finds the metadata service at a fixed address."""

import http.client
import http.server
import threading
import urllib.parse


class _Forward(http.server.BaseHTTPRequestHandler):
    def do_GET(self):  # pylint: disable=invalid-name
        url = urllib.parse.urlsplit(self.path)
        target = self.server.targets.get(url.netloc)
        if target is None:
            self.send_error(403)
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        upstream = http.client.HTTPConnection(target, timeout=10)
        kept = {name: value for name, value in self.headers.items()
                if name.lower() not in ("proxy-connection", "connection", "host",
                                        "content-length", "transfer-encoding")}
        upstream.request(self.command, url.path, body, kept)
        reply = upstream.getresponse()
        data = reply.read()
        self.send_response(reply.status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        upstream.close()

    do_PUT = do_GET  # pylint: disable=invalid-name

    def log_message(self, *_):  # pylint: disable=arguments-differ
        pass


class ForwardProxy(http.server.ThreadingHTTPServer):
    """`targets` maps a host of absolute URLs to host:port; everything else is forbidden."""

    daemon_threads = True

    def __init__(self, targets):
        super().__init__(("127.0.0.1", 0), _Forward)
        self.targets = targets
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def stop(self):
        self.shutdown()
        self._thread.join()
        self.server_close()
