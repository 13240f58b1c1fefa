"""Which names in a script of JavaScript or TypeScript hold what a model answered, line by line and by name alone."""

from __future__ import annotations

import re
from functools import cached_property

from tetrapylon.outside.repository.text import TextFile

_LIBRARIES = re.compile(
    r"[\"'](?:openai|ai|ai/react|@ai-sdk/[\w-]{1,40}|@anthropic-ai/sdk|@google/generative-ai|@google/genai"
    r"|langchain(?:/[\w/-]{1,60})?|@langchain/[\w/-]{1,60}|ollama(?:/browser)?|groq-sdk"
    r"|cohere-ai|@mistralai/mistralai|replicate|@huggingface/inference|@xenova/transformers|@huggingface/transformers|llamaindex)[\"']"
)
_ASKS = re.compile(
    r"\.(?:chat\.)?completions\.create\(|\.responses\.create\(|\.messages\.create\(|\b(?:generateText|streamText"
    r"|generateObject|streamObject|useChat|useCompletion)\("
    r"|\.generateContent(?:Stream)?\(|(?:llm|chain|model|agent|executor|graph)\.(?:invoke|call|stream|predict)\("
    r"|\bollama\.(?:chat|generate)\(|\.textGeneration\(|replicate\.run\(|\.chatCompletion\("
)
_ASKS_SERVICE = re.compile(r"\bfetch\([ \t]*[\"'`]/|\baxios\.(?:get|post)\([ \t]*[\"'`]/")
_GIVEN = re.compile(
    r"(?:\b(?:const|let|var)[ \t]{1,4}|^[ \t]*|\bof[ \t])(\{[^{}\n=]{1,200}\}|\[[^\[\]\n=]{1,200}\]"
    r"|[A-Za-z_$][\w$]*)[ \t]*(?::[ \t]*[\w<>\[\], |.]{1,80})?[ \t]*(?:\+?=(?![=>])|\bof\b)[ \t]*",
    re.MULTILINE,
)
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_HARMLESS = re.compile(
    r"\b(?:parseInt|parseFloat|Number|Boolean|DOMPurify\.sanitize|sanitizeHtml|sanitize\w*|escapeHtml|escape\w*"
    r"|encodeURIComponent|purify\w*)\(|\.(?:length|usage|id)\b[ \t]*;?$"
)
_ROUNDS = 3
_LONGEST = 600
_COMMON = frozenset({"const", "let", "var", "await", "async", "return", "new", "this", "function", "data", "error", "e", "i", "req", "res"})


class Script:
    """One script, with the names that hold what a model answered."""

    def __init__(self, file: TextFile) -> None:
        self.file = file
        self._source = _ASKS if _LIBRARIES.search(file.text) else _ASKS_SERVICE

    @cached_property
    def asks(self) -> bool:
        """Whether the script has to do with a model."""
        return _LIBRARIES.search(self.file.text) is not None

    @cached_property
    def answers(self) -> frozenset[str]:
        """The names that hold what a model answered, or the project's own service where the script asks that."""
        if not self._source.search(self.file.text):
            return frozenset()
        given = [(each[1], self._value(each.end())) for each in _GIVEN.finditer(self.file.text)]
        names: set[str] = set()
        for _ in range(_ROUNDS):
            before = len(names)
            for target, value in given:
                if (self._source.search(value) or names & set(_NAME.findall(value))) and not _HARMLESS.search(value):
                    names |= set(_NAME.findall(target)) - _COMMON
            if len(names) == before:
                break
        return frozenset(names)

    def _value(self, start: int) -> str:
        """Return what is given to a name: the line, and more of it where a bracket is open."""
        text = self.file.text[start : start + _LONGEST]
        end = text.find(";")
        line = text.find("\n")
        return text[: line if line >= 0 and (end < 0 or line < end) else end if end >= 0 else len(text)]

    def holds(self, expression: str) -> bool:
        """Return whether an expression holds what a model answered, and nothing made it harmless."""
        return not self.answers.isdisjoint(_NAME.findall(expression)) and not _HARMLESS.search(expression)
