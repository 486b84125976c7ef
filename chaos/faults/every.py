"""All faults, in the order of the table."""

from chaos.faults import broker, crashes, database, messages, partition, poison, requests, settings, survival
from chaos.faults.fault import Fault

FAULTS: dict[str, Fault] = {
    fault.id: fault
    for fault in sorted(
        (
            *crashes.FAULTS,
            *requests.FAULTS,
            *survival.FAULTS,
            *broker.FAULTS,
            *settings.FAULTS,
            *messages.FAULTS,
            *poison.FAULTS,
            *database.FAULTS,
            *partition.FAULTS,
        ),
        key=lambda fault: fault.id,
    )
}
