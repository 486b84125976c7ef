"""Sending a file in as an institution, waiting for its rows, and keeping those that are to be corrected."""

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import httpx2

from contracts.imports import Import, NewImport
from stack.credentials import credentials_path, read_credentials
from stack.errors import StackError
from stack.files import write_private_bytes
from stack.institutions import read_directory

_POLL_SECONDS = 0.3
_PATIENCE_SECONDS = 120.0
"""For one answer: reading a large file takes a while."""

Tell = Callable[[Import], None]


def pairs(given: Iterable[str]) -> dict[str, str]:
    """`name=value` by name. Raises StackError."""
    split = [each.partition("=") for each in given]
    wrong = [name for name, sign, _ in split if not sign]
    if wrong:
        raise StackError(
            f"Brakuje znaku = po: {', '.join(wrong)}.", "Napisz na przykład: --map Klient=client.family_name"
        )
    return {name: value for name, _, value in split}


def run(data: Path, node: str, agency: str, file: Path, wanted: NewImport, tell: Tell) -> tuple[Import, Path | None]:
    """The import when it is over, and the file of rows to correct, if there are any. Raises StackError."""
    if not file.is_file():
        raise StackError(f"Nie ma pliku {file}.", "Podaj ścieżkę do listy.")
    with _client(data, node, agency) as http:
        fields = {"mapping": json.dumps(wanted.mapping), "values": json.dumps(wanted.values)}
        form: dict[str, Any] = {"data": fields | {"dry_run": json.dumps(wanted.dry_run)}}
        with file.open("rb") as content:
            state = _answer(http, "POST", "/referrals/import", files={"file": (file.name, content)}, **form)
        found = Import.model_validate_json(state.content)
        while found.finished_at is None:
            tell(found)
            time.sleep(_POLL_SECONDS)
            found = Import.model_validate_json(_answer(http, "GET", f"/imports/{found.id}").content)
        tell(found)
        if not found.bad:
            return found, None
        bad_rows = file.with_name(f"{file.stem}-do-poprawy.csv")
        write_private_bytes(bad_rows, _answer(http, "GET", f"/imports/{found.id}/bad-rows").content)
        return found, bad_rows


def _client(data: Path, node: str, agency: str) -> httpx2.Client:
    if not credentials_path(data).exists():
        raise StackError(f"W katalogu {data} nie ma credentials.json.", "Uruchom najpierw: sciezka up")
    known = read_directory(data).find(agency)
    if known is None or known.node != node:
        here = [each.slug for each in read_directory(data).agencies if each.node == node]
        raise StackError(f"Węzeł {node} nie prowadzi instytucji {agency}.", f"Prowadzi: {', '.join(here) or 'żadnej'}.")
    entry = read_credentials(data)[agency]
    headers = {"Authorization": f"Bearer {entry['token']}", "Accept-Language": "pl"}
    return httpx2.Client(base_url=f"{entry['url']}/api/v1", headers=headers, timeout=_PATIENCE_SECONDS)


def _answer(http: httpx2.Client, method: str, path: str, **options: Any) -> httpx2.Response:
    """Raises StackError with the sentences of a refusal."""
    try:
        answer = http.request(method, path, **options)
    except httpx2.TransportError:
        raise StackError(
            "Węzeł nie odpowiada.", "Sprawdź: sciezka doctor. Ten sam plik można wysłać ponownie."
        ) from None
    if answer.is_success:
        return answer
    problem = answer.json()
    told = [f"  {error['field']}: {error['message']}" for error in problem.get("errors", ())]
    raise StackError(problem.get("title", f"Odpowiedź {answer.status_code}."), "\n".join(told))
