"""The server's API, as the benchmarks call it to make content and to check answers."""

import http.client
import json


class Api:
    """A connection to the server on PORT of loopback; with the token of a session, somebody signed in. ADDRESS is whose the
    proxy says that it is: a network may sign up only so often."""

    def __init__(self, port, token=None, address=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.token = token
        self.address = address

    def post(self, document, variables=None):
        """The body of the answer, whose status must be 200."""
        headers = {"content-type": "application/json", "accept": "application/graphql-response+json"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        if self.address:
            headers["x-forwarded-for"] = self.address
        self.connection.request("POST", "/graphql", body(document, variables), headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{document}\nanswered {answer.status}: {text.decode()}")
        return text

    def ask(self, document, variables=None):
        """The data of the answer, which must have no errors."""
        answer = json.loads(self.post(document, variables))
        if "errors" in answer:
            raise SystemExit(f"{document}\nanswered {answer}")
        return answer["data"]

    def change(self, document, **variables):
        """The payloads of a document's mutations, all of which must be done."""
        data = self.ask(document, variables)
        for field, payload in data.items():
            if payload is None or payload["userErrors"]:
                raise SystemExit(f"{field} was refused: {payload}")
        return data

    def sign_in(self, email, password):
        """Begins a session."""
        document = "mutation($input: SessionStartInput!) { sessionStart(input: $input) { token userErrors { code } } }"
        credentials = {"email": email, "password": password, "transport": "BEARER"}
        self.token = self.change(document, input=credentials)["sessionStart"]["token"]


def body(document, variables=None):
    """A request as JSON."""
    return json.dumps({"query": document, "variables": variables or {}}).encode()
