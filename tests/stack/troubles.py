"""What can lie about in a service: statements after which the doctor must speak, and some after which it must not.

By code: statements for the one, for the other, and words, as patterns, that the sentence must hold. The doctor may come
some seconds later than what it finds.
"""

ENTERED = """
    insert into inbox (id, source, family, linkseq, body_hash, aggregate_id, version, state, received_at)
    values (gen_random_uuid(), 'ops', 'intake', 3, '', gen_random_uuid(), 1, '{}', now() - interval '{} seconds')
"""
WRITTEN = """
    insert into outbox (id, target, subject, headers, body, linkseq, created_at, sent_at)
    values (gen_random_uuid(), 'cis', '', '{{}}', '', 5, now() - interval '{0} seconds', {1})
"""
SENT = "now() - interval '{} seconds'"
CURSOR = "insert into link_cursor (source, family, seq, hash) values ('ops', 'intake', 1, '')"
HEAD = "insert into link_head (target, seq, hash) values ('cis', 5, '')"
RECEIPT = "insert into link_receipt (target, seq, hash, at, token) values ('cis', 5, '', now(), '')"
DEAD = """
    insert into dead_letter (id, stream_seq, subject, headers, body, cause, attempts, state)
    values (gen_random_uuid(), 1, '', '{{}}', '', '', 1, '{}')
"""
ALARM = "insert into link_alarm (kind, source, target, family, seq) values ('{}', 'ops', 'pup', 'intake', 7)"
SETTLED = "update link_alarm set settled_at = now(), settled_by = 'operator', reason = 'a test'"

TROUBLES = {
    "relay_stuck": ([WRITTEN.format(70, "null")], [WRITTEN.format(50, "null")], (r"7\d s", "w kolejce 1")),
    "gap": (
        [CURSOR, ENTERED.format("applied", 70)],
        [CURSOR, ENTERED.format("applied", 50)],
        ("ops", "intake", ": 1."),
    ),
    "unreceipted": (
        [HEAD, WRITTEN.format(400, SENT.format(310))],
        [HEAD, WRITTEN.format(400, SENT.format(290))],
        ("cis", r"31\d s", "1 zdarzeń"),
    ),
    "parked": ([ENTERED.format("parked", 610)], [ENTERED.format("parked", 590)], ("wersję sprawy: 1", r"61\d s")),
    "unknown": ([ENTERED.format("unknown", 0)], [ENTERED.format("ignored", 0)], ("nie zna: 1",)),
    "dead_letters": ([DEAD.format("dead")], [DEAD.format("failing")], ("obsłużyć: 1",)),
    "chain_differs": ([ALARM.format("chain_differs")], [], ("ops → pup", "numeru 7")),
    "reader_ahead": ([ALARM.format("reader_ahead")], [], ("ops → pup", "numeru 7")),
    "cannot_replay": ([ALARM.format("cannot_replay")], [], ("ops → pup", "zdarzenie 7")),
    **{
        code: ([ALARM.format(code)], [ALARM.format(code), SETTLED], ("ops → pup", "numer 7"))
        for code in ("forged", "different_body", "chain_broken")
    },
}

PATH = """
    insert into path (id, version, stage, state, changed_at, checked_at)
    values ('00000000-0000-0000-0000-000000000001', 1, 'referred', '{}', now(), now())
"""
FACT = """
    insert into fact (event_id, path_id, fact, received_at)
    values ('00000000-0000-0000-0000-000000000009', '00000000-0000-0000-0000-000000000001', '{{}}',
            now() - interval '{} seconds')
"""
WAKE = """
    insert into wake (path_id, event_id)
    values ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000009')
"""
REFERRAL = """
    insert into referral (id, path_id, kind, urgency, sender, receiver, status)
    values ('00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000001', 'kis', 'normal',
            'a', 'b', 'submitted')
"""
DEADLINE = """
    insert into deadline (id, path_id, referral_id, rule, rule_version, calendar_version, basis, derivation, owner,
                          base_event, base_at, due_at)
    values ('00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000001',
            '00000000-0000-0000-0000-000000000002', '', '', '', '', '{}', '', '', now(), now())
"""
EMISSION = """
    insert into emission (id, path_id, deadline_id, at, kind)
    values (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000003',
            now() - interval '{} seconds', 'missed')
"""
LATE = [PATH, REFERRAL, DEADLINE]

TROUBLES_OF_PATHS = {
    "facts_waiting": ([PATH, FACT.format(70), WAKE], [PATH, FACT.format(50), WAKE], ("Temporal: 1", r"7\d s")),
    "due_late": ([*LATE, EMISSION.format(310)], [*LATE, EMISSION.format(290)], (r"31\d s",)),
}
