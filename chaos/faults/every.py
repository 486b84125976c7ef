"""All faults, in the order of the table."""

from chaos.faults import broker, crashes, database, messages, partition, poison, requests, survival
from chaos.faults.fault import Fault

FAULTS: dict[str, Fault] = {
    fault.id: fault
    for fault in sorted(
        (
            *requests.FAULTS,
            *survival.FAULTS,
            *broker.FAULTS,
            *messages.FAULTS,
            *poison.FAULTS,
            *database.FAULTS,
            *partition.FAULTS,
        ),
        key=lambda fault: fault.id,
    )
} | {fault.id: fault for fault in crashes.FAULTS}
"""The crash points last: K1 and K2 are fault F01, K3 is F02, K4 to K6 are F04, K7 to K10 F05, K11 and K12 F06."""
