from pypdf import PdfReader

MAX_CHARS = 200_000


def text_of(file) -> str:
    pages = [page.extract_text() or "" for page in PdfReader(file).pages]
    return "\n\n".join(pages)[:MAX_CHARS]
