"""The law of sending: what is asked, and where the person lives. Pure; no server."""
