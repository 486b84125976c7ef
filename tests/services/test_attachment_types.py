"""What a file really is, told by its content: three types, whole and nothing else."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.attachments import MediaType
from services.intake.attachments_types import clean_name, media_type_of
from services.kit.problems import Problem
from tests.services.files import archive, jpeg, pdf, pdf_and_archive, png

ENCRYPTED = pdf().replace(b"trailer<<", b"trailer<</Encrypt 9 0 R")


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (pdf(), "application/pdf"),
        (pdf(b"x" * 5000), "application/pdf"),
        (pdf() + b"\r\n\0\0", "application/pdf"),
        (png(), "image/png"),
        (jpeg(), "image/jpeg"),
        (jpeg() + b"\0" * 512, "image/jpeg"),
    ],
)
def test_a_whole_file_is_known_by_its_content(content: bytes, media_type: str) -> None:
    assert media_type_of(content) == media_type


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"MZ\x90\0", "file_type"),
        (b"\x7fELF", "file_type"),
        (b"<html><script>1</script>", "file_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_type"),
        (b"GIF89a", "file_type"),
        (archive(), "file_type"),
        (b"\n" + pdf(), "file_type"),
        (pdf()[:-6], "file_damaged"),
        (pdf() + b"<html>", "file_damaged"),
        (pdf().replace(b"xref\n0 1", b"xxxx\n0 1"), "file_damaged"),
        (ENCRYPTED, "file_encrypted"),
        (pdf_and_archive(), "file_ambiguous"),
        (png()[:-1], "file_damaged"),
        (png().replace(b"IDAT", b"IDAX"), "file_damaged"),
        (b"\x89PNG\r\n\x1a\n" + png()[33:], "file_damaged"),
        (png(60_000, 60_000), "file_damaged"),
        (png(0, 1), "file_damaged"),
        (png() + archive(), "file_ambiguous"),
        (jpeg()[:-1], "file_damaged"),
        (jpeg()[:9], "file_damaged"),
        (b"\xff\xd8\xff\xd9", "file_damaged"),
        (jpeg(60_000, 60_000), "file_damaged"),
        (jpeg() + b"<?php", "file_ambiguous"),
    ],
)
def test_anything_else_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Problem) as refused:
        media_type_of(content)
    assert code in (refused.value.code, *(error.code for error in refused.value.errors))


@given(st.data())
def test_no_damage_does_more_than_being_refused(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([pdf(), png(), jpeg()]))
    place = data.draw(st.integers(0, len(whole)))
    damaged = whole[:place] + data.draw(st.binary(max_size=8)) + whole[data.draw(st.integers(place, len(whole))) :]
    with suppress(Problem):
        media_type_of(damaged)


@pytest.mark.parametrize(
    ("name", "media_type", "cleaned"),
    [
        ("wniosek.pdf", "application/pdf", "wniosek.pdf"),
        ("Zażółć gęślą.PDF", "application/pdf", "Zażółć gęślą.PDF"),
        (r"C:\Users\anna\skan.pdf", "application/pdf", "skan.pdf"),
        ("../../etc/passwd", "application/pdf", "passwd.pdf"),
        ("skan.pdf.exe", "application/pdf", "skan.pdf.exe.pdf"),
        ("a\r\nSet-Cookie: x\0.png", "image/png", "aSet-Cookie: x.png"),
        ("\u202egnp.exe", "image/png", "gnp.exe.png"),
        ("foto.jpeg", "image/jpeg", "foto.jpeg"),
        ("foto.png", "image/jpeg", "foto.png.jpg"),
        ("", "image/jpeg", "plik.jpg"),
        (" ... ", "application/pdf", "plik.pdf"),
        ("x" * 300 + ".pdf", "application/pdf", "x" * 120 + ".pdf"),
    ],
)
def test_a_name_is_cleaned_and_ends_as_its_type(name: str, media_type: MediaType, cleaned: str) -> None:
    assert clean_name(name, media_type) == cleaned
