"""The beginning of `/docs`: from nothing to a first referral in a quarter of an hour. Polish first, English below."""

import json
from html import escape

from rules.lifecycle import states
from services.edge.example_forms import REFERRAL
from services.edge.examples import PROBLEM

_CREDENTIALS = '"ops-poraj": {"url": "http://127.0.0.1:8001", "token": "…", "users": […]}'
_LIST = 'curl -s URL/api/v1/institutions -H "Authorization: Bearer TOKEN"'
_SEND = """curl -s URL/api/v1/referrals -H "Authorization: Bearer TOKEN" \\
  -H "Content-Type: application/json" -H "Idempotency-Key: pierwsze-1" -d '
{body}'"""
_LOOK = 'curl -s URL/api/v1/referrals/ID -H "Authorization: Bearer TOKEN"'

_PAGE = """<section id="first">
<h2>Pierwsze skierowanie w kwadrans / <span lang="en">first referral in 15 minutes</span></h2>
<ol>
<li>Token i adres są w pliku <code>var/credentials.json</code>, osobno dla każdej instytucji. TOKEN to
<code>token</code> instytucji <code>ops-poraj</code>, URL to jej <code>url</code>.<br>
<span lang="en">Token and address of each institution are in the file <code>var/credentials.json</code>. TOKEN is the
<code>token</code> of <code>ops-poraj</code>, URL its <code>url</code>.</span>
<pre>{credentials}</pre></li>
<li>Do kogo można kierować: instytucje, ich jednostki i warsztaty.<br>
<span lang="en">Whom you may send to: the institutions, their units and workshops.</span>
<pre>{listing}</pre></li>
<li>Wyślij skierowanie. Odpowiedź 201 znaczy: zapisane i nie zginie; dalej system doręcza je sam. Powtórzenie z tym
samym <code>Idempotency-Key</code> daje tę samą odpowiedź i niczego nie wysyła drugi raz. Bez tego nagłówka drugie
skierowanie tej samej osoby to 409: pierwsze jest jeszcze otwarte.<br>
<span lang="en">Send a referral. 201 means: stored, and never lost; it is delivered from here on by itself. Repeated
with the same <code>Idempotency-Key</code> it gives the same answer and sends nothing twice. Without that header a
second referral of the same person is a 409: the first one is still open.</span>
<pre>{sending}</pre></li>
<li>Zobacz, co się z nim dzieje. ID jest w odpowiedzi, cały adres w nagłówku <code>Location</code>.<br>
<span lang="en">See what becomes of it. ID is in the answer, the address in the header <code>Location</code>.</span>
<pre>{looking}</pre></li>
</ol>
<p>Każda odmowa to <a href="#ProblemDocument">ProblemDocument</a> (<code>application/problem+json</code>): mówi przy
każdym polu, co poprawić, po polsku albo po angielsku (<code>Accept-Language: en</code>).<br>
<span lang="en">Every refusal is such a document: it tells for each field what to correct, in Polish or in
English.</span></p>
<pre>{problem}</pre>
<p>Skierowanie między dowolnymi dwiema instytucjami wypisze <code>sciezka sample NADAWCA ODBIORCA</code>.<br>
<span lang="en"><code>sciezka sample SENDER RECEIVER</code> prints a referral between any two institutions.</span></p>
<h3>Co znaczą stany / <span lang="en">what the statuses mean</span></h3>
<table>{statuses}</table>
</section>
"""


def first_steps() -> str:
    """The section as HTML."""
    statuses = "".join(
        f"<tr><td><code>{escape(state.code)}</code></td><td>{escape(state.wording['pl'])}</td>"
        f'<td lang="en">{escape(state.wording["en"])}</td></tr>'
        for state in states()
    )
    sending = _SEND.format(body=json.dumps(REFERRAL, ensure_ascii=False, indent=2))
    return _PAGE.format(
        credentials=escape(_CREDENTIALS),
        listing=escape(_LIST),
        sending=escape(sending),
        looking=escape(_LOOK),
        problem=escape(json.dumps(PROBLEM, ensure_ascii=False, indent=2)),
        statuses=statuses,
    )
