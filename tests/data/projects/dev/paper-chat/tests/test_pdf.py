import io

from pypdf import PdfWriter

from lib.pdf import text_of


def test_an_empty_page_gives_no_text():
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    buffer = io.BytesIO()
    writer.write(buffer)
    assert text_of(io.BytesIO(buffer.getvalue())).strip() == ""
