"""One way to ask over HTTP: bounded as a whole, whoever answers; what looks like this machine and is not, is not."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tetrapylon.design.suppliers import place
from tetrapylon.kernel.errors import UndecidedError
from tetrapylon.outside import asking, endpoint
from tetrapylon.outside.calling import call
from tetrapylon.outside.fetching import fetch

HEAD = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"


@pytest.fixture
def dripping() -> Iterator[str]:
    """A server that sends a byte now and then, for ever."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            while not stop.is_set():
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                with line:
                    try:
                        line.sendall(HEAD)
                        while not stop.wait(0.02):
                            line.sendall(b"x")
                    except OSError:
                        continue

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        stop.set()
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def test_an_answer_that_drips_is_cut_off_for_everybody_who_asks(dripping: str) -> None:
    began = time.monotonic()
    assert "not in time" in str(endpoint.alive(f"{dripping}/v1", 0.3))
    assert call(dripping, "GET", "/healthz", seconds=0.3) is None
    with pytest.raises(UndecidedError, match="not in time"):
        fetch(dripping, 0.3)
    with pytest.raises(UndecidedError, match="longer than 4 bytes"):
        asking.ask(dripping, asking.Asked("GET", "/"), 5, 4)
    assert time.monotonic() - began < 10


def test_a_status_that_is_none_of_success_is_no_life() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            line, _ = server.accept()
            with line:
                line.recv(4096)
                line.sendall(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        assert endpoint.alive(f"http://127.0.0.1:{server.getsockname()[1]}/v1", 2) == "the endpoint answered with status 302"
        thread.join(5)


@pytest.mark.parametrize("host", ["127.example.org", "127.0.0.1.example.org", "localhost.example.org", "10.0.0.1", "", "[", "2130706433"])
def test_a_name_that_only_looks_like_this_machine_is_not(host: str) -> None:
    assert not asking.is_loopback(host)
    assert not place.is_loopback(f"http://{host}:8600/v1")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "::1"])
def test_this_machine_is(host: str) -> None:
    assert asking.is_loopback(host)
    assert place.is_loopback(f"http://{f'[{host}]' if ':' in host else host}:8600/v1")
