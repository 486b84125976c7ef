"""Sets one letter: its data as JSON on standard input, the PDF on standard output. Run as a program of its own.

Only what typst brings along is used: its own fonts, so that a letter looks the same on every machine, and no network.
"""

import resource
import sys
from pathlib import Path

import typst

_MEMORY = 1 << 30
"""Bytes of address space; a letter of two pages needs a tenth of it."""
_PROCESSOR_SECONDS = 10


def main() -> int:
    """1 when the letter cannot be set; why is not told, because it would quote the letter."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a picture of its memory would hold the letter
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_SECONDS, _PROCESSOR_SECONDS))
    compiler = typst.Compiler(
        Path(__file__).with_name("letter.typ").read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False),
        ignore_system_fonts=True,
        sys_inputs={"letter": sys.stdin.buffer.read().decode()},
    )
    try:
        document = compiler.compile(format="pdf", pdf_standards="ua-1")
    except typst.TypstError:
        return 1
    assert isinstance(document, bytes)
    sys.stdout.buffer.write(document)
    return 0


if __name__ == "__main__":
    sys.exit(main())
