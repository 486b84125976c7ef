"""What a user is told when something stands in the way: one sentence and its remedy, both in Polish."""


class StackError(Exception):
    """`sentence` says what is wrong, `remedy` what to do about it. The command prints both and exits with 1."""

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(f"{sentence} {remedy}")
        self.sentence = sentence
        self.remedy = remedy
