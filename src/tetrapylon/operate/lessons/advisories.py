"""Own advisories: drafts read, documents built, and laid out as a CSAF publisher lays them out."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.errors import MissingError, UsageError
from tetrapylon.operate.lessons.csaf import Category, Subject, complete, digests_of, document, name_of, year_of
from tetrapylon.operate.lessons.draft import FILE, FOLDER, About, Draft, Lessons, Publisher
from tetrapylon.outside.beside import decisions_beside, read_beside
from tetrapylon.outside.view import View
from tetrapylon.system.assets import Asset
from tetrapylon.system.decided import read_decisions

CATEGORIES: tuple[Category, ...] = ("csaf_security_advisory", "csaf_vex")
BASE = ".well-known/csaf"
LABEL = "white"


@dataclass(frozen=True)
class Built:
    """One document of one draft."""

    draft: Draft
    category: Category
    path: str
    """Below the folder of a label: `2026/name.json`."""

    value: Mapping[str, Json]
    incomplete: tuple[str, ...]

    @property
    def data(self) -> bytes:
        """Its bytes."""
        return canonical_json(dict(self.value))

    @property
    def digests(self) -> tuple[str, ...]:
        """Digests of what it is about."""
        return tuple(digests_of(self.value))


def lessons(view: View) -> Lessons:
    """Return what `lessons.toml` says."""
    return decisions_beside(view.root, FILE, Lessons, view.facts)


def drafts(view: View) -> list[Draft]:
    """Return every draft, by file name.

    Raises:
        UsageError: a draft is not of its form, or two have one id (`same-id`).
    """
    folder = view.root / FOLDER
    names = sorted(each.name for each in folder.glob("*.toml")) if folder.is_dir() else []
    found = [_draft(view, f"{FOLDER}/{name}") for name in names]
    if len({each.id for each in found}) != len(found):
        raise UsageError(f"two drafts in `{FOLDER}` have the same id", code="same-id")
    return found


def _draft(view: View, name: str) -> Draft:
    return read_decisions(read_beside(view.root, name), Draft, name, view.facts)


def build(view: View) -> list[Built]:
    """Return every document of every draft.

    Raises:
        MissingError: `lessons.toml` names no publisher (`no-publisher`), or as `document`.
    """
    found = drafts(view)
    subject = subject_of(view) if found else None
    return [_built(draft, category, subject) for draft in found for category in CATEGORIES if subject is not None]


def _built(draft: Draft, category: Category, subject: Subject) -> Built:
    path = f"{year_of(draft)}/{name_of(draft, category)}"
    return Built(draft, category, path, document(draft, subject, category), tuple(complete(draft)))


def subject_of(view: View) -> Subject:
    """Return whose advisories they are.

    Raises:
        MissingError: `lessons.toml` names no publisher (`no-publisher`).
    """
    return Subject(view.facts["system"]["id"], publisher_of(view), str(view.tool["version"]), lambda about: _resolved(view, about))


def publisher_of(view: View) -> Publisher:
    """Return who publishes.

    Raises:
        MissingError: `lessons.toml` does not say (`no-publisher`).
    """
    publisher = lessons(view).publisher
    if publisher is None:
        raise MissingError(f"`{FILE}` names no publisher", hint="add `[publisher]` with `name` and `namespace`", code="no-publisher")
    return publisher


def _resolved(view: View, about: About) -> Asset:
    """Return the asset as it was in that release: the one on disk, or one that a gate released."""
    if about.release == view.facts["system"]["release"]:
        found = [each for each in view.assets if each.id == about.asset]
    else:
        past = [each for each in view.released() if each.release == about.release]
        found = [each for each in past[-1].assets if each.id == about.asset] if past else []
    if not found:
        hint = "a release is known if the manifest names it or a gate released it"
        raise MissingError(f"nothing is known of `{about.asset}` in release {about.release}", hint=hint, code="no-such-asset")
    return found[0]


def layout(built: Sequence[Built], publisher: Publisher) -> dict[str, bytes]:
    """Return every file of the publisher's folder by its path: documents, hashes, index, changes and who publishes."""
    files: dict[str, bytes] = {}
    for each in built:
        name = each.path.rpartition("/")[2]
        for algorithm in ("sha256", "sha512"):
            files[f"{each.path}.{algorithm}"] = f"{hashlib.new(algorithm, each.data).hexdigest()}  {name}\n".encode()
        files[each.path] = each.data
    newest = sorted(built, key=lambda each: (each.draft.revision[-1].date, each.path), reverse=True)
    files["index.txt"] = "".join(f"{each.path}\n" for each in sorted(built, key=lambda each: each.path)).encode()
    changes = io.StringIO()
    csv.writer(changes, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([each.path, each.draft.revision[-1].date] for each in newest)
    files["changes.csv"] = changes.getvalue().encode()
    found = {f"{BASE}/{LABEL}/{path}": data for path, data in files.items()}
    updated = newest[0].draft.revision[-1].date if newest else "1970-01-01T00:00:00Z"
    return found | {f"{BASE}/provider-metadata.json": canonical_json(_provider(publisher, updated))}


def _provider(publisher: Publisher, updated: str) -> dict[str, Json]:
    base = f"{publisher.namespace.rstrip('/')}/{BASE}"
    who = {"category": "vendor", "name": publisher.name, "namespace": publisher.namespace}
    return {
        "canonical_url": f"{base}/provider-metadata.json",
        "distributions": [{"directory_url": f"{base}/{LABEL}/"}],
        "last_updated": updated,
        "list_on_CSAF_aggregators": True,
        "metadata_version": "2.0",
        "mirror_on_CSAF_aggregators": False,
        "publisher": who | ({"contact_details": publisher.contact} if publisher.contact else {}),
        "role": "csaf_publisher",
    }
