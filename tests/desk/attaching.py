"""Forms with files, sent without a browser."""

from tests.desk.browser import Browser, Form, Page, page_of

File = tuple[str, bytes]


async def send_with(browser: Browser, form: Form, file: File, /, **typed: str) -> Page:
    """Send the form with this file in its field `file`; a dotted name is written with `__`."""
    told = {**form.fields, **{name.replace("__", "."): [value] for name, value in typed.items()}}
    return page_of(await browser.http.post(form.action, data=told, files={"file": file}))
