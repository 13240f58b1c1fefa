"""CSAF 2.0: one advisory and its VEX, built from a draft and the digests of what it is about; the same draft gives the same bytes.

Source: OASIS Common Security Advisory Framework 2.0, sections 3, 4 and 6.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import MissingError
from tetrapylon.operate.lessons.cvss import scored
from tetrapylon.operate.lessons.draft import About, Draft, Publisher
from tetrapylon.system.assets import Asset

Category = Literal["csaf_security_advisory", "csaf_vex"]
Resolve = Callable[[About], Asset]

NAMESPACE = "https://tetrapylon.example/asset-digest"

CWE_NAMES = {
    "CWE-20": "Improper Input Validation",
    "CWE-77": "Improper Neutralization of Special Elements used in a Command ('Command Injection')",
    "CWE-79": "Improper Neutralization of Input During Web Page Generation ('Cross-site Scripting')",
    "CWE-200": "Exposure of Sensitive Information to an Unauthorized Actor",
    "CWE-287": "Improper Authentication",
    "CWE-345": "Insufficient Verification of Data Authenticity",
    "CWE-347": "Improper Verification of Cryptographic Signature",
    "CWE-400": "Uncontrolled Resource Consumption",
    "CWE-494": "Download of Code Without Integrity Check",
    "CWE-502": "Deserialization of Untrusted Data",
    "CWE-863": "Incorrect Authorization",
    "CWE-1039": "Inadequate Detection or Handling of Adversarial Input Perturbations in Automated Recognition Mechanism",
    "CWE-1426": "Improper Validation of Generative AI Output",
    "CWE-1427": "Improper Neutralization of Input Used for LLM Prompting",
}
"""Names of the weaknesses that systems with models have most; others bring theirs in the draft."""

_FILES = frozenset({"model-file", "prompt", "dataset", "guard", "lock"})


@dataclass(frozen=True)
class Subject:
    """Whose advisory it is."""

    system: str
    publisher: Publisher
    version: str
    """Of this tool."""

    resolve: Resolve
    """Finds the asset of a release, by its digest."""


def document(draft: Draft, subject: Subject, category: Category) -> dict[str, Json]:
    """Return the document.

    Raises:
        MissingError: an asset of a release is not known (`no-such-asset`), or the name of a weakness (`no-cwe-name`).
        UsageError: the score's vector is none.
    """
    abouts = [*draft.affected, *draft.fixed, *draft.not_affected]
    return {
        "document": _head(draft, subject, category),
        "product_tree": _tree(subject, abouts),
        "vulnerabilities": [_vulnerability(draft, subject)],
    }


def name_of(draft: Draft, category: Category) -> str:
    """Return the name of the document's file, as section 5.1 forms it."""
    return re.sub(r"[^+\-a-z0-9]+", "_", _id(draft, category).lower()) + ".json"


def year_of(draft: Draft) -> str:
    """Return the year under whose folder the document stands."""
    return draft.revision[0].date[:4]


def _id(draft: Draft, category: Category) -> str:
    return draft.id if category == "csaf_security_advisory" else f"{draft.id}-VEX"


def _head(draft: Draft, subject: Subject, category: Category) -> dict[str, Json]:
    history = [{"date": each.date, "number": str(place), "summary": each.summary} for place, each in enumerate(draft.revision, 1)]
    publisher = {"category": "vendor", "name": subject.publisher.name, "namespace": subject.publisher.namespace}
    if subject.publisher.contact:
        publisher["contact_details"] = subject.publisher.contact
    head: dict[str, Json] = {
        "category": category,
        "csaf_version": "2.0",
        "distribution": {"tlp": {"label": "WHITE"}},
        "lang": "en",
        "notes": _notes(draft),
        "publisher": publisher,
        "references": [{"category": "self", "summary": "This document", "url": _url(draft, subject, category)}],
        "title": draft.title,
        "tracking": {
            "current_release_date": draft.revision[-1].date,
            "generator": {"engine": {"name": "Tetrapylon", "version": subject.version}},
            "id": _id(draft, category),
            "initial_release_date": draft.revision[0].date,
            "revision_history": history,
            "status": "final",
            "version": str(len(history)),
        },
    }
    if draft.thanks:
        head["acknowledgments"] = [{"names": list(draft.thanks)}]
    return head


def _url(draft: Draft, subject: Subject, category: Category) -> str:
    base = subject.publisher.namespace.rstrip("/")
    return f"{base}/.well-known/csaf/white/{year_of(draft)}/{name_of(draft, category)}"


def _notes(draft: Draft) -> list[Json]:
    notes = [{"category": "summary", "text": draft.summary, "title": "Summary"}]
    reasons = (("No CVE", draft.cve, draft.no_cve), ("No CWE", draft.cwe, draft.no_cwe), ("No CVSS", draft.cvss, draft.no_cvss))
    notes += [{"category": "details", "text": why, "title": title} for title, value, why in reasons if value is None and why]
    return list(notes)


def complete(draft: Draft) -> list[str]:
    """Return which enumeration is missing without a reason."""
    pairs = {"cve": (draft.cve, draft.no_cve), "cwe": (draft.cwe, draft.no_cwe), "cvss": (draft.cvss, draft.no_cvss)}
    return [name for name, (value, why) in pairs.items() if value is None and why is None]


def _product(about: About) -> str:
    return f"{about.asset}@{about.release}"


def _tree(subject: Subject, abouts: Sequence[About]) -> dict[str, Json]:
    versions = [
        {
            "category": "product_version",
            "name": _product(about),
            "product": {
                "name": f"{subject.system} {about.release}: {about.asset}",
                "product_id": _product(about),
                "product_identification_helper": _helper(subject.resolve(about)),
            },
        }
        for about in {_product(each): each for each in abouts}.values()
    ]
    product = {"category": "product_name", "name": subject.system, "branches": versions}
    return {"branches": [{"category": "vendor", "name": subject.publisher.name, "branches": [product]}]}


def _helper(asset: Asset) -> dict[str, Json]:
    value = asset.digest.removeprefix("sha256:")
    helper: dict[str, Json] = {"x_generic_uris": [{"namespace": NAMESPACE, "uri": f"urn:tetrapylon:{asset.kind}:sha256:{value}"}]}
    if asset.kind in _FILES:
        file_hashes = [{"algorithm": "sha256", "value": value}]
        helper["hashes"] = [{"file_hashes": file_hashes, "filename": (asset.path or asset.id).rpartition("/")[2]}]
    return helper


def _vulnerability(draft: Draft, subject: Subject) -> dict[str, Json]:
    status = {
        "known_affected": [_product(each) for each in draft.affected],
        "fixed": [_product(each) for each in draft.fixed],
        "known_not_affected": [_product(each) for each in draft.not_affected],
    }
    found: dict[str, Json] = {
        "ids": [{"system_name": f"Advisories of {subject.publisher.name}", "text": draft.id}],
        "notes": [{"category": "description", "text": draft.summary, "title": "Description"}],
        "product_status": {name: products for name, products in status.items() if products},
        "title": draft.title,
    }
    found |= {"cve": draft.cve} if draft.cve else {}
    found |= {"cwe": {"id": draft.cwe, "name": _cwe_name(draft.cwe, draft.cwe_name)}} if draft.cwe else {}
    if draft.cvss and draft.affected:
        found["scores"] = [{"cvss_v3": scored(draft.cvss), "products": status["known_affected"]}]
    if draft.remedy and draft.affected:
        found["remediations"] = [_remedy(each.kind, each.text, each.url, status["known_affected"]) for each in draft.remedy]
    if draft.not_affected:
        found["flags"] = [{"label": each.justification, "product_ids": [_product(each)]} for each in draft.not_affected]
        found["threats"] = [{"category": "impact", "details": each.impact, "product_ids": [_product(each)]} for each in draft.not_affected]
    return found


def _remedy(kind: str, text: str, url: str | None, products: Sequence[str]) -> Mapping[str, Json]:
    return {"category": kind, "details": text, "product_ids": list(products), **({"url": url} if url else {})}


def _cwe_name(cwe: str, given: str | None) -> str:
    name = given or CWE_NAMES.get(cwe)
    if name is None:
        raise MissingError(f"the name of {cwe} is not known here", hint="give it in the draft as `cwe-name`", code="no-cwe-name")
    return name


def digests_of(value: Mapping[str, Json]) -> list[str]:
    """Return every digest that a document's products have, sorted; nothing is assumed about the document."""
    found: set[str] = set()
    waiting: list[Json] = [value.get("product_tree")]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            found |= _own_digests(each)
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return sorted(found)


def _own_digests(value: Mapping[str, Json]) -> set[str]:
    found = set()
    if str(value.get("algorithm", "")).lower() == "sha256" and re.fullmatch(r"[0-9a-fA-F]{64}", str(value.get("value"))):
        found.add(f"sha256:{str(value['value']).lower()}")
    if value.get("namespace") == NAMESPACE and re.fullmatch(r"urn:tetrapylon:[a-z-]+:sha256:[0-9a-f]{64}", str(value.get("uri"))):
        found.add("sha256:" + str(value["uri"])[-64:])
    return found
