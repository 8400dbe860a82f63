"""Persisted documents: clients name them by the hash of their text, and may be held to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256

from graphql import GraphQLError

from api.problems import Problem
from api.read.engine import Request
from domain.words import Text
from settings import Settings

_PREFIX = "sha256:"


class PersistedDocuments:
    """The documents of the folder that the settings name, by the SHA-256 of their text in hexadecimal digits."""

    def __init__(self, settings: Settings, check: Callable[[str], list[GraphQLError]]) -> None:
        """Read the folder. Raises ValueError for a folder or document that cannot be used; ``check`` gives its errors."""
        self._only = settings.persisted_only
        self._texts = _read(settings, check)

    def of(self, request: Request) -> Request:
        """The request with the text of the document that it names. Refuses (400) an unknown name, and a text that may not be."""
        if request.document_id is None:
            if self._only:
                raise Problem(
                    400,
                    "PERSISTED_DOCUMENTS_ONLY",
                    Text(
                        "Only persisted documents are answered here: send documentId.", "此处仅接受预存文档：请发送 documentId。"
                    ),
                )
            return request
        text = self._texts.get(request.document_id.lower().removeprefix(_PREFIX))
        if text is None:
            raise Problem(
                400,
                "PERSISTED_DOCUMENT_NOT_FOUND",
                Text(
                    "There is no document of that documentId: give the SHA-256 of its whole text, or have it persisted.",
                    "没有该 documentId 对应的文档：请使用文档全文的 SHA-256，或先将其预存。",
                ),
            )
        return replace(request, query=text, document_id=None)


def _read(settings: Settings, check: Callable[[str], list[GraphQLError]]) -> Mapping[str, str]:
    folder = settings.persisted_documents
    if folder is None:
        if settings.persisted_only:
            raise ValueError("STEWARD_PERSISTED_ONLY allows no document: name a folder in STEWARD_PERSISTED_DOCUMENTS.")
        return {}
    if not folder.is_dir():
        raise ValueError(f"STEWARD_PERSISTED_DOCUMENTS: there is no folder {folder}.")
    texts: dict[str, str] = {}
    for path in sorted(folder.rglob("*.graphql")):
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError:
            raise ValueError(f"{path} is not UTF-8.") from None
        try:
            errors = check(text)
        except GraphQLError as error:
            errors = [error]
        if errors:
            raise ValueError(f"{path} cannot be answered: {errors[0].message}")
        # Editors end a file with a line break that a client's build does not hash.
        for form in (text, text.rstrip("\r\n")):
            texts[sha256(form.encode()).hexdigest()] = form
    return texts
