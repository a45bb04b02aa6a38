"""WebSockets, as far as the benchmarks need them: `graphql-transport-ws` on loopback."""

import base64
import json
import os
import socket
import struct


class Socket:
    """A socket of a visitor whose address the proxy says, acknowledged by the server on PORT."""

    def __init__(self, port, address):
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.file = self.connection.makefile("rb")
        key = base64.b64encode(os.urandom(16)).decode()
        self.connection.sendall(
            f"GET /graphql HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
            f"sec-websocket-version: 13\r\nsec-websocket-key: {key}\r\nsec-websocket-protocol: graphql-transport-ws\r\n"
            f"x-forwarded-for: {address}\r\n\r\n".encode()
        )
        if b" 101 " not in (status := self.file.readline()):
            raise SystemExit(f"no socket: {status.decode()}")
        while self.file.readline() != b"\r\n":
            pass
        self.say({"type": "connection_init"})
        if (heard := self.hear()) != {"type": "connection_ack"}:
            raise SystemExit(f"not acknowledged: {heard}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def say(self, message):
        """Sends a message, masked as RFC 6455 wants it of clients; with a mask of zeros, which changes nothing."""
        text = json.dumps(message).encode()
        length = struct.pack("!B", 0x80 | len(text)) if len(text) < 126 else struct.pack("!BH", 0x80 | 126, len(text))
        self.connection.sendall(b"\x81" + length + bytes(4) + text)

    def hear(self):
        """The next message; none when the server has cut the connection."""
        while head := self.file.read(2):
            kind, length = head
            if length == 126:
                (length,) = struct.unpack("!H", self.file.read(2))
            text = self.file.read(length)
            if kind == 0x81:
                return json.loads(text)
            if kind == 0x88:
                raise SystemExit(f"the server closed a socket: {text[2:].decode()}")
        return None
