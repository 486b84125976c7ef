"""Every text is there in both languages, fits its numbers, and leaves room."""

import re
from collections import defaultdict
from string import Formatter

import pytest
from babel.messages.catalog import Message
from jinja2 import Environment

from services.desk.language import texts as spoken
from services.desk.pages import environment
from tests.desk.extracted import Text, catalogues, texts

_PLACE = re.compile(r"%\((\w+)\)[sd]")


def _messages(language: str) -> dict[Text, list[tuple[str, Message]]]:
    """Every message by what it stands for, with the area it is in."""
    found: dict[Text, list[tuple[str, Message]]] = defaultdict(list)
    for area, catalogue in catalogues(language).items():
        for message in catalogue:
            if message.id:
                found[tuple(message.id) if message.pluralizable else message.id].append((area, message))
    return found


def _strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def _places(text: str) -> set[str]:
    return set(_PLACE.findall(text)) | {name for _, name, _, _ in Formatter().parse(text.replace("%(", "(")) if name}


def test_every_text_is_there_in_english() -> None:
    english = _messages("en")
    missing = {
        text: where
        for text, where in texts().items()
        if text not in english or not all(all(_strings(message)) for _, message in english[text])
    }
    assert missing == {}


@pytest.mark.parametrize("language", ["en", "pl"])
def test_no_catalogue_holds_a_text_that_nothing_says(language: str) -> None:
    assert {text: each[0][0] for text, each in _messages(language).items() if text not in texts()} == {}


@pytest.mark.parametrize("language", ["en", "pl"])
def test_nothing_is_left_to_be_checked(language: str) -> None:
    assert [str(message.id) for each in _messages(language).values() for _, message in each if message.fuzzy] == []


def test_a_text_of_several_areas_says_the_same_in_each() -> None:
    said = {text: {str(message.string) for _, message in each} for text, each in _messages("en").items()}
    assert {text: forms for text, forms in said.items() if len(forms) > 1} == {}


def test_a_number_has_its_three_forms_in_polish_and_two_in_english() -> None:
    polish, english = _messages("pl"), _messages("en")
    counted = [text for text in texts() if isinstance(text, tuple)]
    wrong = [
        text
        for text in counted
        for forms, messages in ((3, polish.get(text, [])), (2, english.get(text, [])))
        if not messages or any(len(_strings(message)) != forms or not all(_strings(message)) for _, message in messages)
    ]
    assert counted
    assert wrong == []


def test_polish_catalogues_hold_nothing_but_numbers() -> None:
    assert [text for text in _messages("pl") if not isinstance(text, tuple)] == []


@pytest.mark.parametrize("language", ["en", "pl"])
def test_a_translation_fills_in_what_the_text_does(language: str) -> None:
    wrong = {}
    for text, each in _messages(language).items():
        expected = _places(text) if isinstance(text, str) else _places(text[0]) | _places(text[1])
        for _, message in each:
            if any(_places(string) - expected or (isinstance(text, str) and _places(string) != expected)
                   for string in _strings(message)):  # fmt: skip
                wrong[text] = message.string
    assert wrong == {}


def test_five_clients_are_counted_in_their_own_form() -> None:
    """1, 2–4, 5–21, 22: the three forms of Polish, by the rule and not by the order of a table."""
    forms = _messages("pl")
    one, many = next(text for text in texts() if isinstance(text, tuple) and text in forms)
    strings = _strings(forms[one, many][0][1])
    say = spoken("pl").ngettext
    assert [say(one, many, number) for number in (1, 2, 4, 5, 12, 22, 25)] == [
        strings[place] for place in (0, 1, 1, 2, 2, 1, 2)
    ]


def test_every_template_can_be_read() -> None:
    for language in ("pl", "en"):
        templates: Environment = environment(language)
        for name in templates.list_templates(extensions=["html"]):
            if not name.startswith("govuk_frontend_jinja/"):
                templates.get_template(name)
