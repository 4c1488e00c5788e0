# SPDX-License-Identifier: BSL-1.0
#
# A peer that nobody of this project wrote: Python's http.server on 127.0.0.1.
#   scripted_peer.py PORT
# GET /events     an event stream of three events in chunks, which goes on behind Last-Event-ID; then 204
# GET /echo       101 to whoever asks for the protocol "echo", and then back what comes
# POST /refused   413 before any of the body has been read
import http.server
import socket
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def echo(self):
        self.close_connection = True
        self.send_response(101)
        self.send_header("Connection", "Upgrade")
        self.send_header("Upgrade", "echo")
        self.end_headers()
        while data := self.connection.recv(65536):
            self.connection.sendall(data)

    def do_GET(self):
        if self.path == "/echo" and self.headers.get("Upgrade") == "echo":
            self.echo()
            return
        first = int(self.headers.get("Last-Event-ID", "0")) + 1
        if first > 3:
            self.send_response(204)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.chunk(b"retry: 1\r\n\r\n")
        for number in range(first, 4):
            event = b"id: %d\r\nevent: count\r\ndata: %d\r\n\r\n" % (number, number)
            self.chunk(event[:7])
            self.chunk(event[7:])
        self.chunk(b"")

    def do_POST(self):
        self.close_connection = True
        body = b"too large"
        self.send_response(413)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_WR)
        while self.connection.recv(65536):  # lest a reset should take the answer away
            pass

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    def server_bind(self):  # beside the test's own socket, which reserves the port
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        super().server_bind()


Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
