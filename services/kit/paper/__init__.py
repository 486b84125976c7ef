"""Letters on paper: what a letter holds, and how it becomes a PDF that can be read aloud, printed and kept."""
