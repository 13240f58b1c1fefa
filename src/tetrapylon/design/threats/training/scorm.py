"""A module as a SCORM package, for the training system that a company has.

What it does: writes a zip with `imsmanifest.xml`, one page and a script that draws questions, marks the answers and tells the training
system score and status. SCORM 1.2 and 2004 (4th edition). The same module gives the same bytes. The course is called as in
`secure-coding@1a2b3c4d5e6f`, and that is what `design training import` wants to read again.
Why it matters: people take their courses where they take all others; the records come back as CSV.

Cannot do: keep the right answers from somebody who reads the files: a page that marks answers holds them. Nor can it stop somebody
from telling the training system a score by hand. So what comes back is marked as imported.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from tetrapylon.design.threats.training.module import Module
from tetrapylon.design.threats.training.quiz import PRACTICAL, Item
from tetrapylon.kernel.digest import digest_hex, sha256
from tetrapylon.kernel.shelf import package_text

Edition = Literal["1.2", "2004"]

_PAGE = "tetrapylon.design.threats.training.page"
_FILES = ("index.html", "style.css", "course.js")
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first time that a zip can say: the same module gives the same bytes."""


def package(module: Module, items: Sequence[Item], threshold: float, edition: Edition) -> bytes:
    """Return the package; `items` are the bank and some practical items."""
    content = {
        "scorm": edition,
        "course": module.course,
        "title": module.title,
        "threshold": threshold,
        "draw": module.draw,
        "practical": PRACTICAL,
        "screens": [{"title": each.title, "text": each.text.strip()} for each in module.screens],
        "items": [_as_data(each) for each in items],
    }
    files = {name: package_text(_PAGE, name) for name in _FILES}
    files["content.js"] = f"window.COURSE = {_script(content)};\n"
    # No mastery score in the manifest: training systems then set the status by the score alone, over a wrong practical item.
    files["imsmanifest.xml"] = (_manifest_2004 if edition == "2004" else _manifest_12)(module, sorted(files))
    return _zip({name: text.encode() for name, text in files.items()})


def _as_data(item: Item) -> dict[str, object]:
    # Identifiers in SCORM are short and plain; ours name elements of the system.
    return {**item.as_json(), "right": item.right, "why": item.why, "key": digest_hex(sha256(item.id.encode()))[:12]}


def _script(value: object) -> str:
    """Return the value as a literal that no HTML parser and no old script engine reads otherwise."""
    text = json.dumps(value, ensure_ascii=True, sort_keys=True, indent=1)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _zip(files: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        # Training systems look for the manifest first.
        for name in sorted(files, key=lambda each: (each != "imsmanifest.xml", each)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(entry, files[name])
    return target.getvalue()


def _identifier(module: Module) -> str:
    """Return an XML identifier that names the version: no `@`, and a letter first."""
    return f"tetrapylon.{module.id}.{module.course.partition('@')[2]}"


def _resource(names: Sequence[str], attribute: str) -> str:
    files = "".join(f"<file href={quoteattr(each)}/>" for each in names)
    return (
        f'<resources><resource identifier="page" type="webcontent" adlcp:{attribute}="sco" href="index.html">{files}</resource></resources>'
    )


def _manifest_12(module: Module, names: Sequence[str]) -> str:
    title = escape(f"{module.title} ({module.course})")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest identifier={quoteattr(_identifier(module))} version="1.0"'
        ' xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:schemaLocation="http://www.imsproject.org/xsd/imscp_rootv1p1p2 imscp_rootv1p1p2.xsd'
        ' http://www.adlnet.org/xsd/adlcp_rootv1p2 adlcp_rootv1p2.xsd">\n'
        "<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>\n"
        f'<organizations default="course"><organization identifier="course"><title>{title}</title>'
        f'<item identifier="module" identifierref="page" isvisible="true"><title>{title}</title></item></organization></organizations>\n'
        f"{_resource(names, 'scormtype')}\n</manifest>\n"
    )


def _manifest_2004(module: Module, names: Sequence[str]) -> str:
    title = escape(f"{module.title} ({module.course})")
    spaces = {
        "": "http://www.imsglobal.org/xsd/imscp_v1p1",
        ":adlcp": "http://www.adlnet.org/xsd/adlcp_v1p3",
        ":adlseq": "http://www.adlnet.org/xsd/adlseq_v1p3",
        ":adlnav": "http://www.adlnet.org/xsd/adlnav_v1p3",
        ":imsss": "http://www.imsglobal.org/xsd/imsss",
        ":xsi": "http://www.w3.org/2001/XMLSchema-instance",
    }
    schemas = ("imscp_v1p1.xsd", "adlcp_v1p3.xsd", "adlseq_v1p3.xsd", "adlnav_v1p3.xsd", "imsss_v1p0.xsd")
    located = " ".join(f"{space} {file}" for space, file in zip(spaces.values(), schemas, strict=False))
    declared = " ".join(f'xmlns{name}="{space}"' for name, space in spaces.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest identifier={quoteattr(_identifier(module))} version="1.0" {declared} xsi:schemaLocation="{located}">\n'
        "<metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>\n"
        f'<organizations default="course"><organization identifier="course"><title>{title}</title>'
        f'<item identifier="module" identifierref="page" isvisible="true"><title>{title}</title>'
        '<imsss:sequencing><imsss:objectives><imsss:primaryObjective objectiveID="passed"/></imsss:objectives>'
        '<imsss:deliveryControls completionSetByContent="true" objectiveSetByContent="true"/></imsss:sequencing>'
        "</item></organization></organizations>\n"
        f"{_resource(names, 'scormType')}\n</manifest>\n"
    )
