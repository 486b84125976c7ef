"""The `sciezka` command: embedded servers, nodes as processes, supervision. Imports all of ours; nothing imports it."""
