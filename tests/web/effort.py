"""What a task costs a person: page views, actions, keystrokes, and the seconds of the keystroke-level model.

The operators are those of Card, Moran and Newell (The Keystroke-Level Model, CACM 23/7, 1980), at the speed of an
average skilled typist. The model is for practised people who make no mistakes, and is right to about 21 %; time in
which the system works is left out. How we count:

- An *action* is a click, a choice or a field filled in. A key that does the same (Enter on a button) counts as one too.
- A *keystroke* is a key pressed: capitals and Polish letters take two (Shift or AltGr), capital Polish letters three.
  So do Tab and the arrows of somebody who uses no mouse. A click is timed like a keystroke and counted as none.
- Every action begins with one M (the person thinks what comes next), and so does every page view (the person looks).
- Every click takes one P (pointing). H is counted whenever the hand moves between keyboard and mouse.
- A *field* shown is something to fill in or choose in the form of a page: a group of radio buttons or tick boxes, and a
  date of three boxes, are one. Looked at once when the page is left; the same field on two pages is one.
"""

from dataclasses import dataclass, field

KEY_SECONDS = 0.2
POINT_SECONDS = 1.1
HOME_SECONDS = 0.4
THINK_SECONDS = 1.35

_ALTGR = frozenset("ąćęłńóśźż€")
_SHIFT = frozenset('!@#$%^&*()_+{}|:"<>?~')


def keystrokes_of(text: str) -> int:
    """Keys pressed for this text on a Polish programmer's keyboard."""
    return sum(1 + (letter.isupper() or letter in _SHIFT) + (letter.lower() in _ALTGR) for letter in text)


@dataclass
class Effort:
    """What was counted, from when the person began."""

    pages: int = 0
    actions: int = 0
    keystrokes: int = 0
    clicks: int = 0
    homings: int = 0
    typed: int = 0
    shown: set[str] = field(default_factory=set)

    @property
    def seconds(self) -> float:
        """By the keystroke-level model."""
        return (
            KEY_SECONDS * (self.keystrokes + self.clicks)
            + POINT_SECONDS * self.clicks
            + HOME_SECONDS * self.homings
            + THINK_SECONDS * (self.actions + self.pages)
        )
