"""What stands in a cell, as the form has it. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from contracts.directory import Directory
from rules.imports import Form, ImportField, folded, import_rules
from services.kit.pesel import InvalidPesel, read_pesel

Value = str | bool | list[str] | None

_TIME = re.compile(r"[T ]0?0:00(:00)?$")
_YEAR_WORD = re.compile(r"\s*r(oku)?\.?$", re.IGNORECASE)
_SERIAL_DATE = re.compile(r"[1-9]\d{4}")
_EXCEL_EPOCH = date(1899, 12, 30)
_BETWEEN_CODES = re.compile(r"[;,|\n]")
_PESEL_LENGTH = 11
_ZEROS_LOST = (9, 10)
"""Digits left of a PESEL after a spreadsheet took it for a number: of births in 2000, or in 1900-1909 and 2001-2009."""

_POSTAL_LENGTHS = (4, 5)


class NotUnderstood(ValueError):
    """The cell holds something else than its column is for. `code` is a field code of `wording.toml`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def value_of(field: ImportField, cell: str, directory: Directory) -> Value:
    """What the form takes; None for an empty cell or an "unknown". Raises NotUnderstood.

    What this does not check, the form checks: a PESEL with a wrong digit goes on as it is.
    """
    if not cell or folded(cell) in import_rules().common.unknown:
        return None
    if field.form == "receiver":
        return _receiver(cell, directory)
    return _READERS[field.form](field, cell)


def _text(field: ImportField, cell: str) -> str:
    return cell


def _date(field: ImportField, cell: str) -> str:
    plain = _TIME.sub("", _YEAR_WORD.sub("", cell))
    for form in import_rules().common.date_forms:
        try:
            day = datetime.strptime(plain, form)  # noqa: DTZ007 a date has no time zone
        except ValueError:
            continue
        return day.date().isoformat()
    if _SERIAL_DATE.fullmatch(plain):
        return (_EXCEL_EPOCH + timedelta(days=int(plain))).isoformat()
    raise NotUnderstood("import_date")


def _bool(field: ImportField, cell: str) -> bool:
    common, word = import_rules().common, folded(cell)
    if word in common.yes:
        return True
    if word in common.no:
        return False
    raise NotUnderstood("import_yes_no")


def _pesel(field: ImportField, cell: str) -> str:
    digits = re.sub(r"[\s'-]", "", cell)
    if len(digits) in _ZEROS_LOST and digits.isdecimal():
        restored = digits.zfill(_PESEL_LENGTH)
        try:
            return read_pesel(restored, training=True).number
        except InvalidPesel:
            return digits
    return digits


def _digits(field: ImportField, cell: str) -> str:
    plain = re.sub(r"\D", "", cell)
    if field.width is None or not field.width - 1 <= len(plain) <= field.width:
        raise NotUnderstood("import_digits")
    return plain.zfill(field.width)


def _postal_code(field: ImportField, cell: str) -> str:
    digits = re.sub(r"\D", "", cell)
    if len(digits) not in _POSTAL_LENGTHS:
        return cell
    return f"{digits[:-3]:0>2}-{digits[-3:]}"


def _number(field: ImportField, cell: str) -> str:
    return cell.removesuffix(",0").removesuffix(".0")


def _code(field: ImportField, cell: str) -> str:
    """The code of a word. A word nobody foresaw goes on as it is: the form tells which codes there are."""
    return import_rules().codes.get(field.field, {}).get(folded(cell), cell)


def _codes(field: ImportField, cell: str) -> list[str]:
    if folded(cell) in import_rules().common.none:
        return []
    known: Mapping[str, str] = import_rules().codes.get(field.field, {})
    if folded(cell) in known:
        return [known[folded(cell)]]
    return [_code(field, part.strip()) for part in _BETWEEN_CODES.split(cell) if part.strip()]


def _receiver(cell: str, directory: Directory) -> str:
    """The short name of the institution that is called so: by short name, by name, or by kind and town."""
    name = folded(cell)
    found = {
        agency.slug
        for agency in directory.agencies
        if name in (folded(agency.slug), folded(agency.name), folded(f"{agency.kind} {agency.town}"))
    }
    if len(found) != 1:
        raise NotUnderstood("import_receiver")
    return found.pop()


_READERS: Mapping[Form, Callable[[ImportField, str], Value]] = {
    "text": _text,
    "date": _date,
    "bool": _bool,
    "pesel": _pesel,
    "digits": _digits,
    "postal_code": _postal_code,
    "number": _number,
    "code": _code,
    "codes": _codes,
}
