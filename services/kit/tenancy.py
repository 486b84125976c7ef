"""Row-level security: a transaction sees the rows of one institution only, whatever the query says."""


def protect(table: str) -> str:
    """SQL that confines `table`, which has a column `agency`, to the institution of the transaction, owner included."""
    mine = "agency = current_setting('sciezka.agency', true)"
    return f"""
        alter table {table} enable row level security;
        alter table {table} force row level security;
        create policy tenant on {table} using ({mine}) with check ({mine});
    """
