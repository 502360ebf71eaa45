"""A search cluster on this machine: answers over HTTP as OpenSearch's reference describes, for what Wagtail asks.

Documents are kept as they were sent; words are what its standard analyzer makes of a text: runs of letters and digits,
in lower case. A score counts the boosts of the fields that a word was found in.
"""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Json = dict[str, Any]
WORDS = re.compile(r"[^\W_]+")


def words(value: Any) -> list[str]:
    if isinstance(value, list):
        return [word for one in value for word in words(one)]
    return WORDS.findall(str(value).lower()) if value is not None else []


class Index:
    def __init__(self, body: Json) -> None:
        self.properties: Json = body.get("mappings", {}).get("properties", {})
        self.documents: dict[str, Json] = {}

    def field(self, document: Json, name: str) -> list[str]:
        """The words of a field, with those that others copy into it."""
        copied = [key for key, one in self.properties.items() if name in _listed(one.get("copy_to"))]
        return words([document.get(key) for key in (name, *copied)])

    def score(self, query: Json, document: Json) -> float | None:
        """None: not found."""
        ((kind, given),) = query.items()
        return getattr(self, f"_{kind}")(given, document)

    def _bool(self, given: Json, document: Json) -> float | None:
        total = 0.0
        for clause in _listed(given.get("must")):
            if (found := self.score(clause, document)) is None:
                return None
            total += found
        if any(self.score(clause, document) is None for clause in _listed(given.get("filter"))):
            return None
        if any(self.score(clause, document) is not None for clause in _listed(given.get("must_not"))):
            return None
        either = [found for one in _listed(given.get("should")) if (found := self.score(one, document)) is not None]
        if len(either) < given.get("minimum_should_match", 0):
            return None
        return total + sum(either)

    def _multi_match(self, given: Json, document: Json) -> float | None:
        scores = []
        for field in given["fields"]:
            name, _, boost = field.partition("^")
            if set(words(given["query"])) & set(self.field(document, name)):
                scores.append(float(boost or 1))
        return max(scores) if scores else None  # "best_fields" is the default

    def _match_bool_prefix(self, given: Json, document: Json) -> float | None:
        ((name, how),) = given.items()
        there = self.field(document, name)
        return 0.5 if any(word.startswith(how["query"]) for word in there) else None

    def _match(self, given: Json, document: Json) -> float | None:
        ((name, value),) = given.items()
        return 0.0 if value in _listed(document.get(name)) else None

    def _term(self, given: Json, document: Json) -> float | None:
        ((name, value),) = given.items()
        return 0.0 if document.get(name) == value else None

    def _range(self, given: Json, document: Json) -> float | None:
        ((name, ends),) = given.items()
        return 0.0 if ends["gte"] <= document.get(name, "") <= ends["lte"] else None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


class Cluster(ThreadingHTTPServer):
    """At `url`, in the form of SEARCH_URL. `fails`: what it does to every request: "", "503", "garbage" or "hang"."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.indexes: dict[str, Index] = {}
        self.aliases: dict[str, str] = {}
        self.fails, self.asked = "", list[str]()
        self.released = threading.Event()
        self.url = f"opensearch://reader:p%40ss@127.0.0.1:{self.server_address[1]}/test"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def index(self, name: str) -> Index | None:
        return self.indexes.get(self.aliases.get(name, name))

    def answer(self, method: str, path: str, query: dict[str, list[str]], text: str) -> tuple[int, Json]:
        parts = [part for part in path.split("/") if part]
        if "_bulk" in parts:
            return self._bulk(parts[0], text)
        body = json.loads(text) if text else {}
        if "_alias" in parts:
            return self._alias(method, parts, body)
        name, *verb = parts
        if method == "PUT" and not verb:
            self.indexes[name] = Index(body)
            return 200, {"acknowledged": True, "shards_acknowledged": True, "index": name}
        index = self.index(name)
        if index is None and verb[:1] == ["_doc"] and method == "PUT":
            index = self.indexes[name] = Index({})  # the cluster makes up an index at the first document
        if index is None:
            return 404, {"error": {"type": "index_not_found_exception", "reason": f"no such index [{name}]"}}
        if verb == ["_search"]:
            return 200, self._search(index, name, body, int(query["size"][0]))
        if verb[:1] == ["_doc"]:
            return self._document(method, index, verb[1], body)
        if verb == ["_mapping"]:
            index.properties |= body["properties"]
        elif method == "DELETE":
            del self.indexes[name]
        return 200, {"acknowledged": True}

    def _document(self, method: str, index: Index, pk: str, body: Json) -> tuple[int, Json]:
        if method == "DELETE":
            there = index.documents.pop(pk, None)
            return (200, {"_id": pk, "result": "deleted"}) if there else (404, {"_id": pk, "result": "not_found"})
        index.documents[pk] = body
        return 201, {"_id": pk, "_version": 1, "result": "created"}

    def _alias(self, method: str, parts: list[str], body: Json) -> tuple[int, Json]:
        alias = parts[-1]
        if method == "PUT":
            self.aliases[alias] = parts[0]
        elif alias not in self.aliases:
            return 404, {"error": f"alias [{alias}] missing", "status": 404}
        return 200, {self.aliases[alias]: {"aliases": {alias: {}}}}

    def _bulk(self, name: str, text: str) -> tuple[int, Json]:
        lines = [json.loads(line) for line in text.splitlines() if line]
        items = []
        for action, document in zip(lines[::2], lines[1::2], strict=True):
            pk = action["index"]["_id"]
            index = self.index(action["index"].get("_index", name))
            assert index is not None
            index.documents[pk] = document
            items.append({"index": {"_index": name, "_id": pk, "status": 201, "result": "created"}})
        return 200, {"took": 3, "errors": False, "items": items}

    def _search(self, index: Index, name: str, body: Json, size: int) -> Json:
        hits = []
        for pk, document in index.documents.items():
            score = index.score(body["query"], document)
            if score is not None:
                stored = {"fields": {"pk": [pk]}} if "pk" in index.properties else {}
                hits.append({"_index": name, "_id": pk, "_score": score, **stored, "sort": [score, pk]})
        hits.sort(key=lambda hit: hit["sort"], reverse=True)
        total = {"value": len(hits), "relation": "eq"}
        return {"took": 2, "timed_out": False, "hits": {"total": total, "max_score": None, "hits": hits[:size]}}


class Door(BaseHTTPRequestHandler):
    server: Cluster
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        address = urlsplit(self.path)
        self.server.asked.append(f"{self.command} {address.path}")
        if self.server.fails == "hang":
            self.server.released.wait(20)
        if self.server.fails == "garbage":
            return self._send(200, b"<html>Welcome</html>", "text/html")
        if self.server.fails:
            return self._send(503, b'{"error": {"type": "cluster_block_exception"}, "status": 503}')
        if self.headers.get("Authorization") != "Basic cmVhZGVyOnBAc3M=":  # reader:p@ss
            return self._send(401, b"Unauthorized", "text/plain")
        status, body = self.server.answer(self.command, address.path, parse_qs(address.query), text)
        return self._send(status, json.dumps(body).encode())

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET  # noqa: N815 - the names are the standard library's

    def _send(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""
