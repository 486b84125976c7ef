"""Every date once more, from the law alone: by walking tables of days and hours, with nothing of `rules` in it.

It knows no `holidays`, no `zoneinfo` and no arithmetic with dates: import-linter holds that (pyproject.toml). What the
rules work out must be what is found here, for every day from 2015 to 2050 (`tests/oracle`).
"""
