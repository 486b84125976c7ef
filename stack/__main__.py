"""`python -m stack` is `sciezka`."""

from stack.cli import main

main()
