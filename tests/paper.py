"""Letters as their readers find them: pages of a PDF, its words, its properties, its colours."""

import io

from pypdf import PdfReader
from pypdf.generic import ContentStream

COLOURS = {b"rg", b"RG", b"k", b"K"}
"""What sets a colour that is not a shade of grey."""
SHADES = {b"sc", b"SC", b"scn", b"SCN"}
"""What sets a colour of the current space: one figure is grey, three or four are not."""


class Paper:
    """A PDF that was made."""

    def __init__(self, document: bytes) -> None:
        self.raw = document
        self.reader = PdfReader(io.BytesIO(document), strict=True)

    @property
    def pages(self) -> list[str]:
        """The words of each page, one blank between them."""
        return [" ".join(page.extract_text().replace("\u200b", "").split()) for page in self.reader.pages]

    @property
    def text(self) -> str:
        return " ".join(self.pages)

    @property
    def properties(self) -> str:
        """Everything that the file says about itself."""
        xmp = self.reader.trailer["/Root"]["/XMP" if "/XMP" in self.reader.trailer["/Root"] else "/Metadata"]
        return f"{dict(self.reader.metadata or {})} {xmp.get_data().decode()}"

    @property
    def coloured(self) -> list[bytes]:
        """The operations that would print something in another colour than black, grey or white."""
        found = []
        for page in self.reader.pages:
            for operands, operator in ContentStream(page.get_contents(), self.reader).operations:
                if operator in COLOURS or (operator in SHADES and len(operands) != 1):
                    found.append(operator)
        return found
