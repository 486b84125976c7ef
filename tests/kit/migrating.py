"""The statements of migrations, which lie in folders that are no packages."""

from importlib.util import module_from_spec, spec_from_file_location

from stack.migrations import versions_of


def script_of(service: str, migration: str, name: str) -> str:
    """One of the scripts of a migration."""
    spec = spec_from_file_location("migration", versions_of(service) / f"{migration}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    script: str = getattr(module, name)
    return script
