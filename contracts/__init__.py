"""The language of Ścieżka: identifiers, events, subjects, streams.

Pure and closed: imports nothing of ours, does no I/O, reads no clock.
"""
