"""What a PESEL tells."""

from services.desk.new.values import Values
from services.desk.typed_days import day_in
from services.kit.pesel import InvalidPesel, Pesel, read_pesel


def born(values: Values, *, training: bool) -> Pesel | None:
    """Birth date and sex by the PESEL in the form; None without a right one, and when another date is typed beside it,
    for then somebody has to look which of the two is wrong."""
    try:
        read = read_pesel(values.one("client.pesel"), training=training)
    except InvalidPesel:
        return None
    typed = values.one("client.birth_date")
    return read if not typed or day_in(typed) == read.birth_date else None
