"""The server's API, as the benchmarks call it to make content and to check answers."""

import http.client
import json
import socket
import uuid


class Api:
    """A connection to the server on PORT of loopback; with the token of a session, somebody signed in. ADDRESS is whose the
    proxy says that it is: a network may sign up only so often, and a person may ask only so often."""

    timeout = 60

    def __init__(self, port, token=None, address=None):
        self.port, self.socket = port, None
        self.token = token
        self.address = address

    def send(self, request):
        """The answer to a request, and its body. Connects when there is no connection."""
        if not self.socket:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=self.timeout)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        answer = http.client.HTTPResponse(self.socket)
        answer.begin()
        return answer, answer.read()

    def close(self):
        """Leaves a connection that broke; the next request makes another."""
        if self.socket:
            self.socket.close()
        self.socket = None

    def is_ready(self):
        """Whether the server takes requests, and can do its work."""
        try:
            return self.send(get("/health/ready"))[0].status == 200
        except (OSError, http.client.HTTPException):
            return False

    def answer(self, document, variables=None):
        """Status and body of the answer."""
        answer, text = self.send(post(document, variables, self.token, self.address))
        return answer.status, text

    def post(self, document, variables=None):
        """The body of the answer, whose status must be 200."""
        status, text = self.answer(document, variables)
        if status != 200:
            raise SystemExit(f"{document}\nanswered {status}: {text.decode()}")
        return text

    def ask(self, document, variables=None):
        """The data of the answer, which must have no errors."""
        return data(document, self.post(document, variables))

    def change(self, document, **variables):
        """The payloads of a document's mutations, all of which must be done."""
        return done(self.ask(document, variables))

    def create(self, field, **fields):
        """Makes a thing of the kind FIELD; its id."""
        document = f"""mutation($input: {field.capitalize()}CreateInput!) {{
            {field}Create(input: $input) {{ {field} {{ id }} userErrors {{ code field }} }}
        }}"""
        made = self.change(document, input={"key": str(uuid.uuid4()), **fields})
        return made[f"{field}Create"][field]["id"]

    def sign_in(self, email, password):
        """Begins a session."""
        document = "mutation($input: SessionStartInput!) { sessionStart(input: $input) { token userErrors { code } } }"
        credentials = {"email": email, "password": password, "transport": "BEARER"}
        self.token = self.change(document, input=credentials)["sessionStart"]["token"]


def data(document, body):
    """The data of an answer, which must have no errors."""
    answer = json.loads(body)
    if "errors" in answer:
        raise SystemExit(f"{document}\nanswered {answer}")
    return answer["data"]


def done(payloads):
    """Those of mutations, all of which must be done."""
    for field, payload in payloads.items():
        if payload is None or payload["userErrors"]:
            raise SystemExit(f"{field} was refused: {payload}")
    return payloads


def post(document, variables=None, token=None, address=None):
    """A GraphQL request, as it goes over the wire."""
    body = json.dumps({"query": document, "variables": variables or {}}).encode()
    headers = ["content-type: application/json", "accept: application/graphql-response+json", f"content-length: {len(body)}"]
    if token:
        headers.append(f"authorization: Bearer {token}")
    return head("POST", "/graphql", address, headers) + body


def get(path, address=None):
    """A request of a player that knows nothing but the path."""
    return head("GET", path, address, [])


def head(method, path, address, headers):
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1", *headers]
    if address:
        lines.append(f"x-forwarded-for: {address}")
    return "\r\n".join([*lines, "", ""]).encode()
