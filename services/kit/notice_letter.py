"""A notice as a letter on paper: a plain page in Polish that any browser prints and any reader reads aloud."""

from html import escape

from contracts.directory import Directory
from contracts.form import Address
from contracts.notices import NoticeContent, NoticeKind
from rules.applications import institution, wording_of_status
from rules.calendar import day_text
from rules.notices import notice_kind, paragraphs, table
from rules.reasons import lists

_STYLE = """
body{font:12pt/1.5 Arial,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#000;background:#fff}
h1{font-size:1.2em;margin:2em 0 1em}header p{margin:0}.day{text-align:right}.to{margin:2em 0}.sign{margin-top:4em}
""".strip()


def letter(directory: Directory, *, kind: NoticeKind, sender: str, receiver: str | None, content: NoticeContent) -> str:
    """The letter as an HTML document without scripts."""
    own, title, words = directory[sender], notice_kind(kind).wording["pl"], table().words
    marks = (
        (words.case_mark["pl"], content.case_mark),
        (words.addressee_mark["pl"], content.addressee_mark),
        (words.number["pl"], content.number),
    )
    marked = "".join(_p(f"{name}: {value}") for name, value in marks if value)
    body = "".join(_p(text) for text in paragraphs(kind, _known(directory, kind, content)))
    return f"""<!doctype html>
<html lang="pl"><head><meta charset="utf-8"><title>{escape(title)}</title>
<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>
<body><header><p class="day">{escape(own.town)}, {day_text(content.on)["pl"]}</p>{_p(own.name)}{marked}</header>
<section class="to">{"".join(map(_p, _addressee(directory, receiver, content)))}</section>
<main><h1>{escape(title)}</h1>{body}{_p(f"{words.basis['pl']}: {notice_kind(kind).basis['pl']}.")}</main>
<footer><p class="sign">{escape(words.signature["pl"])}: ……………………………</p></footer></body></html>
"""


def _p(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _addressee(directory: Directory, receiver: str | None, content: NoticeContent) -> list[str]:
    found = institution(directory, receiver) if receiver is not None else None
    if found is not None:
        return [found.name, found.town]
    return [content.addressee or table().words.addressee["pl"], *_lines(content.address)]


def _lines(address: Address | None) -> list[str]:
    if address is None:
        return []
    town = f"{address.postal_code or ''} {address.town}".strip()
    return [line for line in (address.street, town) if line]


def _known(directory: Directory, kind: NoticeKind, content: NoticeContent) -> dict[str, str]:
    centre = directory.find(content.centre) if content.centre is not None else None
    parts = {
        "person": " ".join(filter(None, (content.given_name, content.family_name))),
        "birth": day_text(content.birth_date)["pl"] if content.birth_date else "",
        "pesel": content.pesel or "",
        "centre": centre.name if centre is not None else "",
        "day": day_text(content.on)["pl"],
        "outcome": wording_of_status(content.outcome)["pl"] if content.outcome else "",
        "reason": _reason(content.reason),
    }
    return {name: text for name, text in parts.items() if text}


def _reason(code: str | None) -> str:
    """The wording of a reason for which an application was refused or closed."""
    offered = (*lists()["application_refuse"], *lists()["application_withdraw"])
    return next((reason.wording["pl"] for reason in offered if reason.code == code), "")
