"""`meter page`: serves the page for the browser here, with the meter's port behind a web socket.

Only this computer is served, and only its own page: a request that names another host, or a socket
that another page opens, is refused. One browser tab has the port at a time, as long as it is open.
"""

import asyncio
import contextlib
import errno
import signal
from http import HTTPStatus

import serial
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from meter.errors import MeterError, UsageError
from meter.link import BAUD
from meter.paths import PAGE
from meter.serial_port import check_port

HOST = "127.0.0.1"
HTTP = 80
SOCKET = "/meter"
NO_SOCKET = "connect-src 'none'"  # as tools/page/build.mjs writes it
READ_S = 0.02
RELOAD_S = 1.0  # a page that is loaded anew comes before the one before has let go
MOST_BYTES = 4096  # of one message: the page sends lines of at most 400
# Why a socket is closed; the page has a sentence for each.
ABSENT, BUSY, BROKE, FORBIDDEN = 4001, 4002, 4003, 4004


def page(port: str, at: int) -> None:
    """Serve it until Ctrl-C."""
    check_port(port)
    if not PAGE.exists():
        raise UsageError(f"there is no {PAGE}: `make page` builds it")
    asyncio.run(_serve(port, at, PAGE.read_text(encoding="utf-8")))


async def _serve(port: str, at: int, text: str) -> None:
    door = _Door(port, text)
    try:
        server = await serve(
            door.talk, HOST, at, process_request=door.answer, max_size=MOST_BYTES, compression=None
        )
    except OSError as error:
        raise UsageError(f"cannot serve at port {at}: {error.strerror}; --at ANOTHER") from None
    async with server:
        door.number = server.sockets[0].getsockname()[1]
        print(f"The page is at http://{HOST}:{door.number}/ (Ctrl-C ends)", flush=True)
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # on Windows Ctrl-C raises
                asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await stop.wait()


class _Door:
    """What is served: the page, and the port to one tab."""

    def __init__(self, port: str, text: str) -> None:
        self.number = 0
        self._port = port
        self._text = text
        self._turn = asyncio.Lock()

    def answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """The page, a refusal, or None: the socket may open."""
        hosts = [f"{name}:{self.number}" for name in (HOST, "localhost")]
        if self.number == HTTP:  # browsers leave it out
            hosts += [HOST, "localhost"]
        asked = request.headers.get_all("Host")
        if len(asked) != 1 or asked[0] not in hosts:
            return connection.respond(HTTPStatus.FORBIDDEN, "only for this computer\n")
        if request.path == SOCKET:
            from_page = request.headers.get_all("Origin")
            if len(from_page) != 1 or from_page[0] not in [f"http://{host}" for host in hosts]:
                return connection.respond(HTTPStatus.FORBIDDEN, "only for its own page\n")
            return None
        if request.path != "/":
            return connection.respond(HTTPStatus.NOT_FOUND, "only the page is here\n")
        body = self._text.replace(NO_SOCKET, f"connect-src ws://{asked[0]}{SOCKET}", 1).encode()
        headers = Headers(
            {
                "Content-Type": "text/html; charset=utf-8",
                "Content-Length": str(len(body)),
                "Cache-Control": "no-store",
                "X-Frame-Options": "DENY",
                "X-Content-Type-Options": "nosniff",
                "Connection": "close",
            }
        )
        return Response(HTTPStatus.OK, "OK", headers, body)

    async def talk(self, socket: ServerConnection) -> None:
        """Carry bytes both ways until either end is gone."""
        try:
            await asyncio.wait_for(self._turn.acquire(), RELOAD_S)
        except asyncio.TimeoutError:
            await socket.close(BUSY, "another tab has the meter")
            return
        try:
            await self._carry(socket)
        finally:
            self._turn.release()

    async def _carry(self, socket: ServerConnection) -> None:
        try:
            check_port(self._port)
            line = await asyncio.to_thread(
                serial.Serial, self._port, BAUD, timeout=READ_S, write_timeout=5, exclusive=True
            )
        except MeterError:
            await socket.close(ABSENT, "there is no such port")
            return
        except (serial.SerialException, OSError) as error:
            code = FORBIDDEN if error.errno in (errno.EACCES, errno.EPERM) else BUSY
            await socket.close(code, "the port cannot be opened")
            return
        with line:
            await socket.send("ready")
            ways = [asyncio.create_task(way(line, socket)) for way in (_up, _down)]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            ends = await asyncio.gather(*ways, return_exceptions=True)
        if any(isinstance(end, (serial.SerialException, OSError)) for end in ends):
            await socket.close(BROKE, "the line to the meter broke")


async def _up(line: serial.Serial, socket: ServerConnection) -> None:
    """From the meter to the page."""
    while True:
        data = await asyncio.to_thread(lambda: line.read(max(1, line.in_waiting)))
        if data:
            await socket.send(data)


async def _down(line: serial.Serial, socket: ServerConnection) -> None:
    """From the page to the meter."""
    async for message in socket:
        data = message if isinstance(message, bytes) else message.encode()
        await asyncio.to_thread(line.write, data)
