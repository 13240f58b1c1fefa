"""The package that a training system is given."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from xml.etree import ElementTree as ET

import msgspec
import pytest

from tetrapylon.design.threats.training.module import shipped
from tetrapylon.design.threats.training.quiz import Item, bank
from tetrapylon.design.threats.training.scorm import Edition, package

MODULE = shipped()["secure-coding"]
ITEMS = (*bank(MODULE), Item("answer:x@tool:y", "Which </script> & <b>?", ("a", "b\u2028", "c"), "a", "why", practical=True))

SPACES: dict[str, tuple[str, str, str, str]] = {
    "1.2": ("http://www.imsproject.org/xsd/imscp_rootv1p1p2", "http://www.adlnet.org/xsd/adlcp_rootv1p2", "scormtype", "1.2"),
    "2004": ("http://www.imsglobal.org/xsd/imscp_v1p1", "http://www.adlnet.org/xsd/adlcp_v1p3", "scormType", "2004 4th Edition"),
}


@pytest.mark.parametrize("edition", ["1.2", "2004"])
def test_the_manifest_names_the_right_schemas_and_every_file(edition: Edition) -> None:
    archive = zipfile.ZipFile(BytesIO(package(MODULE, ITEMS, 0.8, edition)))
    assert archive.testzip() is None
    assert archive.namelist() == ["imsmanifest.xml", "content.js", "course.js", "index.html", "style.css"]
    cp, adlcp, attribute, version = SPACES[edition]
    root = ET.fromstring(archive.read("imsmanifest.xml"))
    assert root.tag == f"{{{cp}}}manifest"
    assert root.findtext(f"{{{cp}}}metadata/{{{cp}}}schema") == "ADL SCORM"
    assert root.findtext(f"{{{cp}}}metadata/{{{cp}}}schemaversion") == version
    organizations = root.find(f"{{{cp}}}organizations")
    assert organizations is not None
    organization = organizations.find(f"{{{cp}}}organization")
    assert organization is not None
    assert organizations.get("default") == organization.get("identifier")
    item = organization.find(f"{{{cp}}}item")
    resource = root.find(f"{{{cp}}}resources/{{{cp}}}resource")
    assert item is not None
    assert resource is not None
    assert item.get("identifierref") == resource.get("identifier")
    assert MODULE.course in str(item.findtext(f"{{{cp}}}title"))
    assert (resource.get("type"), resource.get("href"), resource.get(f"{{{adlcp}}}{attribute}")) == ("webcontent", "index.html", "sco")
    files = {each.get("href") for each in resource.findall(f"{{{cp}}}file")}
    assert files == set(archive.namelist()) - {"imsmanifest.xml"}


def test_the_same_module_gives_the_same_bytes_and_another_does_not() -> None:
    data = package(MODULE, ITEMS, 0.8, "1.2")
    assert data == package(MODULE, ITEMS, 0.8, "1.2")
    other = msgspec.structs.replace(MODULE, title='<Another> & "title"')
    assert data != package(other, ITEMS, 0.8, "1.2")
    ET.fromstring(zipfile.ZipFile(BytesIO(package(other, ITEMS, 0.8, "2004"))).read("imsmanifest.xml"))


def test_content_is_data_that_no_page_reads_as_markup() -> None:
    text = zipfile.ZipFile(BytesIO(package(MODULE, ITEMS, 0.8, "1.2"))).read("content.js").decode("ascii")
    assert not set("<>&\u2028") & set(text)
    content = json.loads(text.removeprefix("window.COURSE = ").removesuffix(";\n"))
    assert content["course"] == MODULE.course
    assert {each["id"] for each in content["items"]} == {each.id for each in ITEMS}
    assert content["items"][-1]["options"] == ["a", "b\u2028", "c"]


def test_the_script_sets_text_as_text() -> None:
    script = zipfile.ZipFile(BytesIO(package(MODULE, ITEMS, 0.8, "1.2"))).read("course.js").decode()
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "fetch(", "XMLHttpRequest"):
        assert way not in script
