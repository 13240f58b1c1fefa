"""An update channel as its reader sees it: TUF metadata and targets from a folder or a web server, checked by python-tuf.

What it does: runs the TUF client workflow in a scratch folder and hands back what it trusted. What a reader trusts stays
with the caller (`metadata`), so that it can be kept in the same step as what follows from it.
Why it matters: whoever can change what is delivered can change every installation.
"""

from __future__ import annotations

import http.client
import logging
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tetrapylon.kernel.errors import IntegrityError, TetrapylonError, UndecidedError, UsageError

if TYPE_CHECKING:
    from tuf.ngclient import Updater

_CHUNK = 1 << 16
_SECONDS = 20
_NOT_FOUND = 404


@dataclass(frozen=True)
class Channel:
    """An open channel whose metadata was refreshed and verified."""

    updater: Updater
    folder: Path

    def download(self, name: str) -> Path | None:
        """Return a scratch copy of the target, checked against the signed metadata, or None where it is not offered.

        Raises:
            IntegrityError, UndecidedError: as `open_channel`.
        """
        with _told():
            info = self.updater.get_targetinfo(name)
            return None if info is None else Path(self.updater.download_target(info))

    def read(self, name: str, limit: int = 1 << 22) -> bytes | None:
        """Return a small target's bytes, or None where it is not offered.

        Raises:
            IntegrityError, UndecidedError: as `open_channel`.
            UsageError: it is larger than `limit` (`too-large`).
        """
        path = self.download(name)
        if path is None:
            return None
        if path.stat().st_size > limit:
            raise UsageError(f"`{name}` of the channel is larger than {limit} bytes", code="too-large")
        return path.read_bytes()

    def metadata(self) -> dict[str, str]:
        """Return the metadata that is trusted now, by file name: hand it to the next `open_channel`."""
        found = {each.name: each for each in sorted((self.folder / "metadata").glob("*.json"))}
        return {name: path.read_text("utf-8") for name, path in found.items()}


@contextmanager
def open_channel(source: str, root: bytes, trusted: Mapping[str, str]) -> Iterator[Channel]:
    """Open the channel at a folder or an `http(s)` address and refresh its metadata.

    `trusted` is what `Channel.metadata` gave last time: without it, older metadata than was seen before could not be told.

    Raises:
        IntegrityError: it is not what the root of trust stands for: `expired`, `rollback`, `signature`, `mismatch` or `malformed`.
        UndecidedError: it cannot be reached, or a file of it is missing (`unreachable`).
    """
    from tuf.ngclient import Updater, UpdaterConfig

    logging.getLogger("tuf").setLevel(logging.CRITICAL)  # what went wrong is told by our own errors
    with tempfile.TemporaryDirectory(prefix="tetrapylon-update-") as scratch:
        folder = Path(scratch)
        (folder / "targets").mkdir()
        (folder / "metadata").mkdir()
        for name, text in trusted.items():
            if name != "root.json":
                (folder / "metadata" / name).write_text(text, "utf-8")
        base = source.rstrip("/")
        anchor = trusted["root.json"].encode() if "root.json" in trusted else root
        with _told():
            updater = Updater(
                str(folder / "metadata"),
                f"{base}/metadata/",
                str(folder / "targets"),
                f"{base}/targets/",
                fetcher=_fetcher(base),
                config=UpdaterConfig(),
                bootstrap=anchor,
            )
            updater.refresh()
        yield Channel(updater, folder)


def _fetcher(base: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a subclass of what is imported only here
    from tuf.api.exceptions import DownloadError, DownloadHTTPError
    from tuf.ngclient import FetcherInterface

    scheme = urlsplit(base).scheme
    if scheme not in {"", "http", "https"}:
        raise UsageError(f"a channel is a folder or an `http(s)` address, not `{scheme}:`", code="bad-source")

    class Fetcher(FetcherInterface):
        """Reads from a folder, or from a web server without following it elsewhere."""

        def _fetch(self, url: str) -> Iterator[bytes]:
            try:
                yield from _from_web(url) if scheme else _from_folder(url)
            except (FileNotFoundError, NotADirectoryError) as error:
                raise DownloadHTTPError(f"there is no {url}", _NOT_FOUND) from error
            except urllib.error.HTTPError as error:
                raise DownloadHTTPError(f"{url} was answered with {error.code}", error.code) from error
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise DownloadError(f"{url} cannot be read: {error}") from error

    return Fetcher()


def _from_folder(path: str) -> Iterator[bytes]:
    with Path(path).open("rb") as file:
        while part := file.read(_CHUNK):
            yield part


class _Still(urllib.request.HTTPRedirectHandler):
    """Refuses to be sent to another address."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Follow nothing; the answer is an error of its own status."""


def _from_web(url: str) -> Iterator[bytes]:
    opener = urllib.request.build_opener(_Still)
    with opener.open(url, timeout=_SECONDS) as answer:
        while part := answer.read(_CHUNK):
            yield part


@contextmanager
def _told() -> Iterator[None]:
    """Turn what python-tuf raises into our errors."""
    from tuf.api import exceptions
    from tuf.api.serialization import DeserializationError

    try:
        yield
    except TetrapylonError:
        raise
    except exceptions.ExpiredMetadataError as error:
        raise _broken("its metadata has expired, so nobody vouches that it is the newest", error, "expired") from error
    except exceptions.BadVersionNumberError as error:
        raise _broken("it offers other versions than it must, such as older ones", error, "rollback") from error
    except exceptions.UnsignedMetadataError as error:
        raise _broken("its metadata is not signed by enough of the keys that must sign it", error, "signature") from error
    except exceptions.LengthOrHashMismatchError as error:
        raise _broken("a file of it is not the one that its metadata names", error, "mismatch") from error
    except exceptions.DownloadError as error:
        code = "mismatch" if isinstance(error, exceptions.DownloadLengthMismatchError) else "unreachable"
        if code == "mismatch":
            raise _broken("a file of it is longer than its metadata says", error, code) from error
        raise UndecidedError(f"the update channel cannot be read: {error}", code=code) from error
    except (exceptions.RepositoryError, DeserializationError) as error:
        raise _broken("its metadata is malformed", error, "malformed") from error


def _broken(why: str, error: Exception, code: str) -> IntegrityError:
    text = ""
    with suppress(ValueError):
        text = str(error).splitlines()[0][:160] if str(error) else ""
    return IntegrityError(f"the update channel is refused: {why} ({text})", hint="nothing was installed", code=code)
