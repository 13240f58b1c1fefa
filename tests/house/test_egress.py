"""Where `make test` says that nothing can leave, nothing can."""

from __future__ import annotations

import errno
import os
import socket

import pytest


@pytest.fixture(autouse=True)
def _cut() -> None:
    if os.environ.get("EGRESS_IS_CUT") != "1":
        pytest.skip("this run is not cut off from the network")


def test_there_is_no_way_out() -> None:
    assert [name for _, name in socket.if_nameindex() if name != "lo"] == []
    with socket.socket() as far, pytest.raises(OSError) as refused:
        far.connect(("192.0.2.1", 443))  # RFC 5737: nobody's address
    assert refused.value.errno == errno.ENETUNREACH


def test_loopback_is_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()[:2]) as near:
        assert near.getpeername() == server.getsockname()
