"""The vocabulary of the manifest: each kind of value with the words that explain it and the form it must have.

The description of a kind stands in the JSON Schema and in error messages, so it is written once, for both.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

_END = r"(?![\s\S])"
"""The end of the text in every dialect: Python's `$` would let a line feed pass."""

_ID = r"[a-z0-9][a-z0-9._-]{0,63}"
_UNSEEN = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
"""Characters that could hide or reorder text on a screen."""

_SEGMENT = rf"(?!\.{{1,2}}(?:/|{_END}))[^/\\\n\t{_UNSEEN}]+"
_PATH = rf"^(?![A-Za-z]:){_SEGMENT}(?:/{_SEGMENT})*{_END}"

Id = Annotated[str, Meta(pattern=rf"^{_ID}{_END}", description="an id of lower-case letters, digits, `-`, `_` and `.` (64 at most)")]
Text = Annotated[str, Meta(pattern=rf"^[^{_UNSEEN}]{{1,2000}}{_END}", description="text without control characters (2000 at most)")]
Release = Annotated[
    str,
    Meta(
        pattern=rf"^[0-9A-Za-z][0-9A-Za-z.+_-]{{0,63}}{_END}",
        description="a version of letters, digits, `.`, `+`, `-` and `_`, such as `1.0.0`",
    ),
]
Branch = Annotated[str, Meta(pattern=rf"^[0-9A-Za-z][0-9A-Za-z._/-]{{0,199}}{_END}", description="the name of one branch, such as `main`")]
Path = Annotated[
    str,
    Meta(
        pattern=_PATH,
        max_length=1024,
        description="a path inside the folder of the manifest, written with `/` and without `.`, `..` or a `/` at either end",
    ),
]
Glob = Annotated[
    str,
    Meta(
        pattern=_PATH,
        max_length=1024,
        description="a file, a folder or a pattern such as `src/**/*.py`, inside the folder of the manifest",
    ),
]
Url = Annotated[
    str,
    Meta(
        pattern=rf"^https?://[^\s/?#@\\]+(?:[/?][^\s#\\]*)?{_END}",
        max_length=2000,
        description="an `http://` or `https://` address without user name, password, spaces or `#`",
    ),
]
Country = Annotated[str, Meta(pattern=rf"^[A-Z]{{2}}{_END}", description="a country code of two capitals, such as `NL`")]
Grant = Annotated[
    str,
    Meta(
        pattern=rf"^(?:chat|infer|call|read|write):{_ID}{_END}",
        description="`chat:`, `infer:`, `call:`, `read:` or `write:` and one id, such as `call:lookup` (there is no wildcard)",
    ),
]
Size = Annotated[int, Meta(ge=1, le=65536, description="a whole number from 1 to 65536")]
Sizes = Annotated[tuple[Size, Size], Meta(description="two whole numbers from 1 to 65536: height and width in pixels")]
Count = Annotated[int, Meta(ge=1, le=1_000_000, description="a whole number from 1 to 1000000")]
Tokens = Annotated[int, Meta(ge=1, le=2**53 - 1, description="a whole number from 1 on")]
Whole = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
Scalar = Annotated[bool | Whole | float | Text, Meta(description="text, a number, `true` or `false`")]
Name = Annotated[str, Meta(pattern=rf"^[A-Za-z0-9][A-Za-z0-9._-]{{0,63}}{_END}", description="a name of letters, digits, `-`, `_` and `.`")]
Names = Annotated[tuple[Name, ...], Meta(extra_json_schema={"uniqueItems": True}, description="a list of names")]
Flag = Annotated[bool, Meta(description="`true` or `false`")]

_once = {"uniqueItems": True}
Ids = Annotated[tuple[Id, ...], Meta(extra_json_schema=_once, description="a list of ids")]
Paths = Annotated[tuple[Path, ...], Meta(extra_json_schema=_once, description="a list of paths")]
Globs = Annotated[tuple[Glob, ...], Meta(extra_json_schema=_once, description="a list of paths or patterns")]
Grants = Annotated[tuple[Grant, ...], Meta(extra_json_schema=_once, description="a list of grants such as `call:lookup`")]

Schema = Literal["tetrapylon/manifest/1"]
Stance = Literal["provider", "user"]
"""Whether the system's builders answer for the model, or build on somebody else's AI."""

Criticality = Literal["low", "moderate", "high", "mission"]
Sensitivity = Literal["public", "internal", "confidential", "restricted"]
Effect = Literal["read", "write", "irreversible"]
Approval = Literal["none", "human"]
Stage = Literal["development", "training", "test", "staging", "production"]
Profile = Literal["start", "core", "full"]
Operation = Literal["resize", "crop", "centre-crop", "pad", "normalise", "greyscale", "rotate", "scale"]
Library = Literal["pil", "opencv", "torchvision", "tensorflow", "scikit-image"]
Kernel = Literal["nearest", "bilinear", "bicubic", "lanczos", "area", "box", "hamming"]
Role = Literal[
    "owner",
    "risk-owner",
    "leader",
    "developer",
    "data-scientist",
    "operator",
    "responder",
    "reviewer",
    "red-team",
    "release-manager",
    "user-representative",
    "supplier",
    "build",
    "scanner",
    "sequencer",
]
"""What a person or a service may answer for."""

Roles = Annotated[tuple[Role, ...], Meta(extra_json_schema=_once, description="a list of roles")]
