"""Whether a hosted model was used before it was examined, as the journal of the running system tells."""

from __future__ import annotations

from pathlib import Path

from tetrapylon.journal.place import journal_folder, open_ring
from tetrapylon.journal.searching import Query, search, segments
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.outside.clock import parse_time
from tetrapylon.outside.secret import passphrase_from_environment

_USE = ("answer", "stream")


def used_before(root: Path, model: str, moment: str, *, gated: bool) -> bool | None:
    """Return whether the model answered before a moment; None where that is not known.

    Without a journal nothing went through the gateway; whether it was used past it is known to nobody. As long as the
    gateway refuses what was not examined (`gated`), that is as good as it gets; otherwise nothing is known.
    """
    folder = journal_folder(root)
    try:
        if not segments(folder):
            return False if gated else None
        end = int(parse_time(moment).timestamp() * 1000)
        return bool(search(folder, open_ring(root, passphrase_from_environment()), Query({"model": model}, _USE, end=end, limit=1)).found)
    except TetrapylonError:
        return None
