"""`meter page`: whom it serves, and what it says of a port that can't be had."""

import asyncio
import errno
import http.client
import os
import pty
import re
import subprocess
import sys

import pytest
import serial
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.http11 import Request
from websockets.sync.client import connect

from meter import page

PAGE = "<meta content=\"default-src 'none'; connect-src 'none'\"><p>the page"

TOOL = """import sys
from pathlib import Path
from meter import errors, page
page.PAGE = Path(sys.argv[1])
errors.run(lambda: page.page(sys.argv[2], 0), "meter")"""


@pytest.fixture
def port():
    """A pty: (the meter's end, its name)."""
    ours, theirs = pty.openpty()
    yield ours, os.ttyname(theirs)
    for fd in (ours, theirs):
        os.close(fd)


@pytest.fixture
def address(port, tmp_path):
    """host:port of the tool, which serves PAGE."""
    file = tmp_path / "headroom.html"
    file.write_text(PAGE)
    tool = subprocess.Popen(
        [sys.executable, "-c", TOOL, file, port[1]], stdout=subprocess.PIPE, text=True
    )
    yield re.search(r"http://(\S+)/", tool.stdout.readline())[1]
    tool.terminate()
    tool.wait()


def get(address, path="/", **headers):
    """Status, headers, body."""
    link = http.client.HTTPConnection(address)
    link.request("GET", path, headers=headers)
    answer = link.getresponse()
    return answer.status, answer.headers, answer.read().decode()


def test_the_page_may_talk_to_its_own_socket_and_to_nothing_else(address):
    status, headers, body = get(address)
    assert status == 200
    assert body == PAGE.replace("connect-src 'none'", f"connect-src ws://{address}/meter")
    assert headers["X-Frame-Options"] == "DENY"


def test_another_path_and_another_name_of_this_computer_are_refused(address):
    assert get(address, "/etc/passwd")[0] == 404
    assert get(address, Host="meter.example:80")[0] == 403


def test_only_its_own_page_may_open_the_socket(address, port):
    for origin in ("http://evil.example", "null", f"https://{address}", None):
        with pytest.raises(InvalidStatus, match="403"):
            connect(f"ws://{address}/meter", origin=origin)
    with connect(f"ws://{address}/meter", origin=f"http://{address}") as socket:
        assert socket.recv() == "ready"
        socket.send("version\r")
        assert os.read(port[0], 100) == b"version\r"
        os.write(port[0], b"\xff> ")
        heard = b""
        while len(heard) < 3:  # it comes in pieces
            heard += socket.recv()
        assert heard == b"\xff> "


@pytest.mark.parametrize("name", ["Host", "Origin"])
def test_a_header_that_is_there_twice_is_refused(address, name):
    own = {"Host": address, "Origin": f"http://{address}"}
    link = http.client.HTTPConnection(address)
    link.putrequest("GET", "/meter", skip_host=True)
    for header in (*own, name):
        link.putheader(header, own[header])
    link.endheaders()
    assert link.getresponse().status == 403


def test_at_the_port_that_browsers_leave_out():
    door = page._Door("port", PAGE)
    door.number = 80
    request = Request("/", Headers({"Host": "127.0.0.1"}))
    answer = door.answer(None, request)
    assert answer.status_code == 200
    assert b"connect-src ws://127.0.0.1/meter" in answer.body


@pytest.mark.parametrize(("number", "code"), [(errno.EACCES, 4004), (errno.EBUSY, 4002)])
def test_why_a_port_is_not_had(port, number, code, monkeypatch):
    def refused(*_, **__):
        raise serial.SerialException(number, "could not open port")

    class Socket:
        async def close(self, code, reason):
            self.closed = code

    monkeypatch.setattr(serial, "Serial", refused)
    socket = Socket()
    asyncio.run(page._Door(port[1], PAGE).talk(socket))
    assert socket.closed == code


def test_one_tab_at_a_time(address):
    with connect(f"ws://{address}/meter", origin=f"http://{address}") as first:
        assert first.recv() == "ready"
        with (
            connect(f"ws://{address}/meter", origin=f"http://{address}") as second,
            pytest.raises(ConnectionClosed) as closed,
        ):
            second.recv()
        assert closed.value.rcvd.code == 4002
    with connect(f"ws://{address}/meter", origin=f"http://{address}") as third:
        assert third.recv() == "ready"


def test_a_port_that_is_not_there_and_a_page_that_is_not_built_are_one_line(tmp_path, port):
    tool = [sys.executable, "-m", "meter", "page"]
    none = subprocess.run([*tool, "/dev/none"], capture_output=True, text=True, check=False)
    assert none.returncode == 2
    assert none.stderr.startswith("meter: there is no port '/dev/none'; serial ports found:")
    code = (
        "import sys; from pathlib import Path; from meter import page; from meter.errors import "
    )
    code += "run; page.PAGE = Path('/none.html'); run(lambda: page.page(sys.argv[1], 0), 'meter')"
    unbuilt = subprocess.run(
        [sys.executable, "-c", code, port[1]], capture_output=True, text=True, check=False
    )
    assert unbuilt.returncode == 2
    assert unbuilt.stderr == "meter: there is no /none.html: `make page` builds it\n"
