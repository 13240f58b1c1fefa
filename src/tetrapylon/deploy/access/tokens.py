"""What the keys of known providers look like, and what is only a placeholder for one."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass

from tetrapylon.system.finding import Severity


@dataclass(frozen=True, slots=True)
class Token:
    """One kind of key."""

    whose: str
    begins: str
    """Text that every one holds: asking for it is far cheaper than matching."""

    pattern: re.Pattern[str]
    severity: Severity = "critical"


def _token(whose: str, begins: str, rest: str, severity: Severity = "critical") -> Token:
    return Token(whose, begins, re.compile(rf"(?<![A-Za-z0-9_-]){re.escape(begins)}{rest}(?![A-Za-z0-9])"), severity)


TOKENS: tuple[Token, ...] = (
    _token("an Anthropic key", "sk-ant-", r"[\w-]{24,}"),
    _token("an OpenRouter key", "sk-or-", r"[\w-]{30,}"),
    _token("an OpenAI key", "sk-proj-", r"[\w-]{24,}"),
    _token("an OpenAI key", "sk-svcacct-", r"[\w-]{24,}"),
    _token("an OpenAI key", "sk-", r"[A-Za-z0-9]{32,}"),
    _token("a Hugging Face token", "hf_", r"[A-Za-z0-9]{30,}"),
    _token("an AWS key", "AKIA", r"[0-9A-Z]{16}"),
    _token("an AWS key", "ASIA", r"[0-9A-Z]{16}"),
    _token("a Google key", "AIza", r"[\w-]{35}"),
    _token("a Google client secret", "GOCSPX-", r"[\w-]{28}"),
    _token("a GitHub token", "ghp_", r"[A-Za-z0-9]{36}"),
    _token("a GitHub token", "gho_", r"[A-Za-z0-9]{36}"),
    _token("a GitHub token", "ghs_", r"[A-Za-z0-9]{36}"),
    _token("a GitHub token", "github_pat_", r"\w{50,}"),
    _token("a GitLab token", "glpat-", r"[\w-]{20,}"),
    _token("a Slack token", "xoxb-", r"[\w-]{20,}"),
    _token("a Slack token", "xoxp-", r"[\w-]{20,}"),
    _token("a Slack token", "xapp-", r"[\w-]{20,}"),
    _token("a Slack webhook", "hooks.slack.com/services/T", r"\w{6,}/B\w{6,}/\w{20,}", "high"),
    _token("a Stripe key", "sk_live_", r"[A-Za-z0-9]{20,}"),
    _token("a Stripe key", "rk_live_", r"[A-Za-z0-9]{20,}"),
    _token("a Stripe test key", "sk_test_", r"[A-Za-z0-9]{20,}", "medium"),
    _token("a Pinecone key", "pcsk_", r"\w{40,}"),
    _token("a Groq key", "gsk_", r"[A-Za-z0-9]{40,}"),
    _token("a Replicate token", "r8_", r"[A-Za-z0-9]{30,}"),
    _token("a LangSmith key", "lsv2_", r"(?:pt|sk)_\w{32,}", "high"),
    _token("a Tavily key", "tvly-", r"[\w-]{24,}", "high"),
    _token("a Perplexity key", "pplx-", r"[A-Za-z0-9]{40,}"),
    _token("an xAI key", "xai-", r"[A-Za-z0-9]{60,}"),
    _token("an NVIDIA key", "nvapi-", r"[\w-]{40,}"),
    _token("a SendGrid key", "SG.", r"[\w-]{20,}\.[\w-]{30,}"),
    _token("an npm token", "npm_", r"[A-Za-z0-9]{36}"),
    _token("a PyPI token", "pypi-AgEI", r"[\w-]{40,}"),
    _token("a DigitalOcean token", "dop_v1_", r"[0-9a-f]{64}"),
    _token("an Azure storage key", "AccountKey=", r"[A-Za-z0-9+/]{86}=="),
    _token("a private key", "-----BEGIN ", r"(?:RSA |EC |DSA |OPENSSH )?PRIVATE KEY-----\s{0,4}(?:\\n)?[A-Za-z0-9+/=\\]{40,}"),
    _token("a signed token (JWT)", "eyJ", r"[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}", "medium"),
)

KEY_NAME = re.compile(
    r"(?:^|[_.-])(?:api_?key|apikey|secret|secret_?key|secret_?access_?key|access_?key|auth_?token|access_?token|api_?token|bot_?token|hf_?token|token|passw(?:or)?d|passwd"
    r"|client_?secret|private_?key|signing_?key|encryption_?key|account_?key)$",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_SECRET = re.compile(
    r"(?:^|_)(?:eos|bos|pad|unk|sep|cls|mask|special|stop|image|csrf|next|page|cursor|cancellation|first|last|public|default|cache)_(?:token|key)$",
    re.IGNORECASE,
)
_VALUE = re.compile(r"[A-Za-z0-9_\-+/=.~!@#%^&*]{16,512}")
_PLACEHOLDER = re.compile(
    r"x{3,}|your|example|dummy|fake|placeholder|change_?me|replace|insert|redacted|todo|sample|not-?a-?real|1234567|abcdef|deadbeef|0{6}|\.\.\.|\*\*\*|\bmy[-_]|-here\b|_here\b|<|\$\{|\{\{|secrets?\.|environ|getenv|process\.env",
    re.IGNORECASE,
)
_RANDOM = 3.4
"""Bits for each character from which a text is no word; 32 hex digits have about 3.6, random letters and digits 4.3."""


_SLASHES = 3
"""More are a path; base64 has fewer."""


def is_placeholder(text: str) -> bool:
    """Return whether a key stands only for one that somebody is to put there."""
    return _PLACEHOLDER.search(text) is not None or entropy(text) < _RANDOM - 0.6


def entropy(text: str) -> float:
    """Return the bits for each character by how often each occurs."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values()) if text else 0.0


def is_key_name(name: str) -> bool:
    """Return whether something with this name holds a secret."""
    spelt = _CAMEL.sub("_", name)
    return KEY_NAME.search(spelt) is not None and not _NO_SECRET.search(spelt)


def is_secret_value(text: str) -> bool:
    """Return whether a text that stands where a secret belongs is one: long, random, and no path, address or word."""
    if (
        not _VALUE.fullmatch(text)
        or _PLACEHOLDER.search(text)
        or text.count("/") > _SLASHES
        or text.startswith(("/", "./", "http", "arn:"))
    ):
        return False
    mixed = any(each.isdigit() for each in text) and any(each.isalpha() for each in text)
    return mixed and entropy(text) >= _RANDOM and not re.fullmatch(r"[a-z]+(?:[._-][a-z0-9]+)+", text)
