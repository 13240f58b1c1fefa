"""Values that somebody called a password or a key: no placeholder, no word, no variable."""

from __future__ import annotations

GOOD = ("password = hunter2!Xy9", "api_key: 9f8e7d6c5b4a3f2e1d0c", 'pwd="Tr0ub4dor&3"')
BAD = ("password: changeme123", "password = ${DB_PASSWORD}", "token: <your-token>", "password: forgotten", "secret: sunshine")

_PLACEHOLDERS = (
    "your",
    "example",
    "changeme",
    "change_me",
    "change-me",
    "placeholder",
    "redacted",
    "removed",
    "secret",
    "password",
    "passwd",
    "xxxx",
    "****",
    "....",
    "<",
    "${",
    "{{",
    "%(",
    "os.environ",
    "getenv",
    "process.env",
    "null",
    "none",
    "true",
    "false",
    "string",
    "hidden",
    "required",
    "forgotten",
    "reset",
)


def check(text: str) -> bool:
    """Return whether what stands behind the last `:` or `=` looks like a value that was made up to be kept secret."""
    value = text[max(text.rfind(each) for each in ":= ") + 1 :].strip("\"'`,;")
    if len(value) < 8 or any(each in value.lower() for each in _PLACEHOLDERS):
        return False
    kinds = sum(any(map(test, value)) for test in (str.islower, str.isupper, str.isdecimal)) + any(not each.isalnum() for each in value)
    return kinds >= 3 or (kinds == 2 and len(value) >= 12 and any(map(str.isdecimal, value)))
