"""Deliberately broken builds: a net of tests that does not catch these is not to be trusted with the real thing."""
