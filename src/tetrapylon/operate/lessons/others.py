"""Advisories of others: OSV records and CSAF documents in one form; foreign text, so nothing is believed of its shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import UsageError
from tetrapylon.operate.lessons.csaf import digests_of
from tetrapylon.operate.lessons.cvss import PREFIX, base_score, severity
from tetrapylon.operate.lessons.versions import events_of
from tetrapylon.outside.lock import python_name

ECOSYSTEMS = {"PyPI": "pypi", "npm": "npm"}
_WORDS = {"MODERATE": "medium", "MEDIUM": "medium", "CRITICAL": "critical", "HIGH": "high", "LOW": "low"}
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(?:Z|\+00:00)")
_PURL = re.compile(r"pkg:(pypi|npm)/([^@?#]{1,300})(?:@([^?#]{1,200}))?")
_BASE_METRICS = 8


@dataclass(frozen=True, slots=True)
class Concern:
    """One package that an advisory is about."""

    ecosystem: str
    name: str
    versions: tuple[str, ...]
    ranges: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True)
class Foreign:
    """One advisory of others."""

    id: str
    title: str
    severity: str
    """`critical`, `high`, `medium` or `low`; one that says nothing counts as high."""

    published: str
    modified: str
    concerns: tuple[Concern, ...] = ()
    digests: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """Return this as data."""
        concerns = [
            {
                "ecosystem": each.ecosystem,
                "name": each.name,
                "versions": list(each.versions),
                "ranges": [[list(e) for e in r] for r in each.ranges],
            }
            for each in self.concerns
        ]
        return {
            "id": self.id,
            "title": self.title,
            "severity": self.severity,
            "published": self.published,
            "modified": self.modified,
            "concerns": concerns,
            "digests": list(self.digests),
        }


def from_json(value: Mapping[str, Json]) -> Foreign:
    """Return the advisory that `Foreign.as_json` gave."""
    concerns = tuple(
        Concern(each["ecosystem"], each["name"], tuple(each["versions"]), tuple(tuple((e[0], e[1]) for e in r) for r in each["ranges"]))
        for each in value["concerns"]
    )
    fields = {name: value[name] for name in ("id", "title", "severity", "published", "modified")}
    return Foreign(**fields, concerns=concerns, digests=tuple(value["digests"]))


def read_foreign(value: Json) -> list[Foreign]:
    """Return the advisory that a JSON document is, as a list: one that was withdrawn counts for nothing.

    Raises:
        UsageError: it is neither an OSV record nor a CSAF document (`unknown-advisory`).
    """
    if isinstance(value, dict) and isinstance(value.get("document"), dict) and "csaf_version" in value["document"]:
        return list(_csaf(value))
    if isinstance(value, dict) and isinstance(value.get("id"), str) and isinstance(value.get("affected", []), list) and "modified" in value:
        return [] if value.get("withdrawn") else [_osv(value)]
    raise UsageError("this is neither an OSV record nor a CSAF document", code="unknown-advisory")


def _osv(value: Mapping[str, Json]) -> Foreign:
    concerns = [each for item in value.get("affected", []) if isinstance(item, dict) for each in _concern(item)]
    modified = _time(value.get("modified"))
    return Foreign(
        id=str(value["id"])[:200],
        title=str(value.get("summary") or "")[:300],
        severity=_osv_severity(value),
        published=_time(value.get("published")) or modified,
        modified=modified,
        concerns=tuple(concerns),
    )


def _concern(item: Mapping[str, Json]) -> Iterator[Concern]:
    package = item.get("package")
    if not isinstance(package, dict) or not isinstance(package.get("name"), str):
        return
    ecosystem = ECOSYSTEMS.get(str(package.get("ecosystem")).partition(":")[0])
    if ecosystem is None:
        return
    name = python_name(package["name"]) if ecosystem == "pypi" else package["name"]
    versions = item.get("versions")
    listed = tuple(each for each in versions if isinstance(each, str)) if isinstance(versions, list) else ()
    yield Concern(ecosystem, name, listed, tuple(tuple(each) for each in events_of(item.get("ranges"))))


def _osv_severity(value: Mapping[str, Json]) -> str:
    for each in value.get("severity") or ():
        score = _score(each.get("score")) if isinstance(each, dict) and each.get("type") == "CVSS_V3" else None
        if score is not None:
            return _word(score)
    specific = value.get("database_specific")
    return _WORDS.get(str(specific.get("severity")).upper() if isinstance(specific, dict) else "", "high")


def _score(vector: Json) -> float | None:
    """Return the base score of a CVSS 3 vector, whatever follows its base metrics; 3.0 and 3.1 have the same formula."""
    parts = str(vector).split("/")
    try:
        return base_score(PREFIX + "/".join(parts[1 : _BASE_METRICS + 1]))
    except UsageError:
        return None


def _word(score: float) -> str:
    return {"NONE": "low"}.get(severity(score), severity(score).lower())


def _time(value: Json) -> str:
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    return f"{found[1]}Z" if found else ""


def _csaf(value: Mapping[str, Json]) -> Iterator[Foreign]:
    head = value["document"]
    tracking = _table(head, "tracking")
    products = _products(value.get("product_tree"))
    for each in (item for item in value.get("vulnerabilities") or () if isinstance(item, dict)):
        status = _table(each, "product_status")
        ids = {
            name
            for kind in ("known_affected", "first_affected", "last_affected")
            for name in status.get(kind) or ()
            if isinstance(name, str)
        }
        helpers = [products[name] for name in sorted(ids) if name in products]
        yield Foreign(
            id=str(each.get("cve") or tracking.get("id") or "")[:200],
            title=str(each.get("title") or head.get("title") or "")[:300],
            severity=_csaf_severity(each),
            published=_time(tracking.get("initial_release_date")),
            modified=_time(tracking.get("current_release_date")),
            concerns=tuple(concern for helper in helpers for concern in _purls(helper)),
            digests=tuple(sorted({digest for helper in helpers for digest in digests_of({"product_tree": helper})})),
        )


def _table(value: Mapping[str, Json], key: str) -> Mapping[str, Json]:
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _products(tree: Json) -> dict[str, Mapping[str, Json]]:
    """Return how each product is identified, by its id."""
    found: dict[str, Mapping[str, Json]] = {}
    waiting: list[Json] = [tree]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if isinstance(each.get("product_id"), str) and isinstance(each.get("product_identification_helper"), dict):
                found[each["product_id"]] = each["product_identification_helper"]
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return found


def _purls(helper: Mapping[str, Json]) -> Iterator[Concern]:
    match = _PURL.match(str(helper.get("purl") or ""))
    if match is not None:
        from urllib.parse import unquote

        name = unquote(match[2])
        ranges = () if match[3] else ((("introduced", "0"),),)
        yield Concern(match[1], python_name(name) if match[1] == "pypi" else name, (unquote(match[3]),) if match[3] else (), ranges)


def _csaf_severity(each: Mapping[str, Json]) -> str:
    scores = [entry.get("cvss_v3") for entry in each.get("scores") or () if isinstance(entry, dict)]
    found = [_score(entry.get("vectorString")) for entry in scores if isinstance(entry, dict)]
    known = [score for score in found if score is not None]
    return _word(max(known)) if known else "high"
