"""Another site on this machine: where the way out leads in tests, and what it learns of who comes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

PAGE = b"<!doctype html><title>Weather</title><h1>Weather</h1>"


@dataclass
class Elsewhere:
    address: str
    asked: list[dict[str, str]] = field(default_factory=list)  # the headers of each request, names in lower case


@contextmanager
def another_site() -> Iterator[Elsewhere]:
    """The site while the block runs. To browsers, localhost is another site than 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/":
                site.asked.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE)

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site = Elsewhere(f"http://localhost:{server.server_port}/")
        Thread(target=server.serve_forever, daemon=True).start()
        yield site
        server.shutdown()
