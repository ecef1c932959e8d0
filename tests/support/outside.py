"""A timestamp authority outside the portal that answers over HTTP, with its own key and clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from asn1crypto import tsp
from cryptography.hazmat.primitives.serialization import Encoding

from . import stamps


class Outside:
    """The authority. It answers while it is `open`; its root is in a file, as an operator would pin it."""

    def __init__(self, folder: Path) -> None:
        ends = datetime.now(UTC).replace(microsecond=0) + timedelta(days=300)
        self.authority = stamps.Authority(ends=ends, name="Outside")
        self.root = folder / "outside.pem"
        self.root.write_bytes(self.authority.root.public_bytes(Encoding.PEM))
        self.open, self.asked, self.microsecond = True, 0, 0
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    def settings(self, name: str) -> dict[str, str]:
        """Its entry in TIMESTAMP_AUTHORITIES."""
        return {"name": name, "url": f"http://127.0.0.1:{self.server.server_port}/", "root": str(self.root)}

    def _handler(outside) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outside.asked += 1
                query = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200 if outside.open else 503)
                self.end_headers()
                if outside.open:
                    self.wfile.write(outside.answer(query))

            def log_message(self, *_: Any) -> None:
                pass

        return Handler

    def answer(self, query: bytes) -> bytes:
        asked = tsp.TimeStampReq.load(query)
        digest = asked["message_imprint"]["hashed_message"].native
        now = datetime.now(UTC).replace(microsecond=self.microsecond)
        return self.authority.answer(digest, nonce=asked["nonce"].native, gen_time=now)


@contextmanager
def running(folder: Path) -> Iterator[Outside]:
    outside = Outside(folder)
    thread = Thread(target=outside.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield outside
    finally:
        outside.server.shutdown()
        outside.server.server_close()
        thread.join()
