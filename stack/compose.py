"""The composition of an institutions' node: every part of it is put together here, once, and nowhere else."""

from collections.abc import Coroutine
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from fastapi import FastAPI
from faststream.nats import NatsBroker
from starlette.types import ASGIApp

from contracts.directory import Directory
from contracts.subjects import DESK, SERVICES_OF_NODE
from services.edge.accounts import AccountDesk
from services.edge.api import Desks
from services.edge.app import edge_app
from services.edge.connections import ConnectionsDesk
from services.edge.dead_letters import DeadLetterDesk
from services.edge.institutions import InstitutionsDesk
from services.edge.people import roles_of
from services.edge.road import RoadDesk
from services.edge.sessions import Sessions
from services.edge.tokens import Tokens
from services.edge.work import WorkDesk
from services.intake import attachments_sending, naming
from services.intake.api import SenderSide
from services.intake.applications.desk import ApplicationDesk
from services.intake.applications.handlers import with_applications
from services.intake.attachments_desk import AttachmentDesk
from services.intake.client_desk import ClientDesk
from services.intake.context import Intake
from services.intake.handlers import handlers as intake_handlers
from services.intake.importing import queueing
from services.intake.importing import worker as importing
from services.intake.importing.desk import ImportDesk
from services.intake.notice_desk import GivenNotices
from services.intake.place_questions import AskedPlaces, with_answers
from services.intake.receivers import ReceiverDesk
from services.intake.work import SenderWork
from services.kit import retention
from services.kit.broker import Reader, check_drift, check_server, make_broker
from services.kit.calm import calm
from services.kit.clock import Clock, DatabaseClock
from services.kit.database import Database, service_url
from services.kit.dead_letters import DeadLetters, worklist_channel
from services.kit.health import Syncing
from services.kit.inbox import Handlers, Inbox
from services.kit.keyring import load_keyring
from services.kit.outbox import outbox_channel
from services.kit.relay import Relay
from services.kit.requests import SILENT, Requests
from services.kit.service import Service
from services.kit.settings import Settings
from services.kit.signing import load_signer
from services.kit.talk import Talk
from services.kit.wake import Bell, Listener
from services.kit.worklist import Worklist
from services.paths.api import PathsDesk
from services.paths.handlers import handlers as paths_handlers
from services.paths.handlers import hear
from services.paths.work import PathsWork
from services.referral import sweep
from services.referral.api import ReceiverSide
from services.referral.attachments import ReceivedAttachments
from services.referral.context import Receiving
from services.referral.handlers import handlers as referral_handlers
from services.referral.notice_desk import ReceivedNotices
from services.referral.place_answers import PlacesToTell
from services.referral.work import ReceiverWork
from stack.desk import compose_desk, edge_url, interface_at, interface_in_process
from stack.ends import reading_end, writing_end
from stack.front import Front
from stack.operations import add_operations
from stack.secrets import Secrets

Task = Coroutine[Any, Any, None]


@dataclass(frozen=True)
class Base:
    """What every process of a node stands on."""

    node: str
    settings: Settings
    directory: Directory
    secrets: Secrets
    broker: NatsBroker
    clock: Clock = field(default_factory=DatabaseClock)
    databases: dict[str, Database] = field(default_factory=dict)
    arrivals: dict[str, Bell] = field(default_factory=dict)

    def database(self, service: str) -> Database:
        """The tables of one service of this node; the same object each time."""
        if service not in self.databases:
            password = self.secrets.database_password(self.node, service)
            url = service_url(self.settings.database_url, self.node, service, password)
            self.databases[service] = Database(url)
        return self.databases[service]

    def arrived(self, service: str) -> Bell:
        """What rings when a service of this process has taken something in; the same object each time."""
        return self.arrivals.setdefault(service, Bell())

    def service(self, name: str) -> Service:
        return Service(name, self.node, self.directory, self.database(name), self.clock)

    @cached_property
    def talk(self) -> Talk:
        """What this node says to others of the links between them. Raises FileNotFoundError without signing keys."""
        return Talk(self.broker, load_signer(self.settings.data, self.node))

    def read(self, service: str, handlers: Handlers, listener: Listener) -> Task:
        """Bind a service's handlers to its consumer; the task is its worklist."""
        database = self.database(service)
        inbox = Inbox(
            node=self.node,
            database=database,
            directory=self.directory,
            handlers=handlers,
            arrived=self.arrived(service),
        )
        reader = Reader(self.node, service, inbox, DeadLetters(database))
        self.broker.include_router(reader.router(handlers))
        bell = listener.bell(worklist_channel(service))
        return Worklist(self.service(service), handlers, inbox, bell).run()

    def relay(self, service: str, listener: Listener) -> Relay:
        """The relay of a service's outbox."""
        bell = listener.bell(outbox_channel(service))
        return Relay(node=self.node, service=service, database=self.database(service), broker=self.broker, bell=bell)

    def syncing(self) -> Syncing:
        """Whether the broker's server writes to the disk before it acknowledges."""
        return Syncing(self.broker, self.settings.nats_url, self.secrets.nats_admin)

    async def connect(self) -> None:
        """Connect, and refuse to run on a broker that is not as it must be. Raises ServerTooOld, Drift."""
        await self.broker.connect()
        check_server(self.broker.connection)
        await check_drift(self.broker.connection.jetstream(), self.node)
        await self.broker.start()
        calm(self.broker)

    async def close(self) -> None:
        await self.broker.stop()
        for database in self.databases.values():
            await database.close()


def make_base(node: str, settings: Settings, directory: Directory, secrets: Secrets) -> Base:
    broker = make_broker(node, settings.nats_url, secrets.nats_password(node))
    return Base(node, settings, directory, secrets, broker)


def compose(base: Base, parts: tuple[str, ...]) -> tuple[ASGIApp, list[Task]]:
    """The HTTP application and the tasks of these parts (`edge`, `intake`, `referral`, `paths`, `desk`) of a node."""
    keyring = load_keyring(base.settings.data, base.node)
    receiving = Receiving(base.service("referral"), keyring)
    receiver = ReceiverSide(receiving)

    async def held(agency: str, login: str) -> frozenset[str]:  # connects when asked: most processes never are
        return await roles_of(base.database("edge"), agency, login)

    intake = Intake(base.service("intake"), keyring, base.settings.training, receiver.has_path, held)
    listener = Listener(base.database(parts[0]).url)
    tasks: list[Task] = [listener.run()]
    if "intake" in parts:
        read = with_answers(keyring, with_applications(intake, intake_handlers(keyring)))
        tasks.append(base.read("intake", read, listener))
        tasks += [base.relay("intake", listener).run(), *_both_ends(base, "intake")]
        tasks.append(retention.run(base.service("intake"), *retention.OF_INTAKE))
        tasks.append(importing.Importer(intake, listener.bell(queueing.CHANNEL)).run())
        tasks.append(naming.run(intake))
        tasks.append(attachments_sending.run(intake, listener.bell(attachments_sending.CHANNEL)))
    if "referral" in parts:
        tasks.append(base.read("referral", referral_handlers(receiving), listener))
        tasks += [base.relay("referral", listener).run(), sweep.run(receiving)]
        tasks += [*_both_ends(base, "referral"), retention.run(base.service("referral"))]
    if "paths" in parts:
        tasks += [base.read("paths", paths_handlers(), listener), base.relay("paths", listener).run()]
        whole = partial(hear, base.database("paths"))
        tasks += reading_end(base.service("paths"), base.talk, base.arrived("paths"), whole)
        tasks.append(retention.run(base.service("paths")))
    app = _application(base, parts, intake, receiving, receiver)
    add_operations(app, base.node, base.broker, base.databases, [base.syncing()])
    if DESK not in parts:
        return Requests(app, base.node), tasks
    api = interface_in_process(app) if "edge" in parts else interface_at(edge_url(base))
    pages, behind = compose_desk(base, api, listener)
    return Requests(Front(app, pages), base.node), tasks + behind


def _both_ends(base: Base, name: str) -> list[Task]:
    service = base.service(name)
    return [*writing_end(service, base.talk), *reading_end(service, base.talk, base.arrived(name))]


def _application(
    base: Base, parts: tuple[str, ...], intake: Intake, receiving: Receiving, receiver: ReceiverSide
) -> FastAPI:
    """The public interface where the edge runs; elsewhere an application for operations only."""
    if "edge" not in parts:
        return FastAPI(
            title=f"Ścieżka: {base.node} {parts[0]}", docs_url=None, redoc_url=None, openapi_url=None, telemetry=SILENT
        )
    tokens = Tokens(base.database("edge"), base.clock)
    of_services = {name: base.database(name) for name in SERVICES_OF_NODE}
    desks = Desks(
        tokens=tokens,
        sessions=Sessions(base.database("edge"), base.clock, base.directory, tokens),
        accounts=AccountDesk(base.database("edge"), base.clock, base.directory, tokens),
        road=RoadDesk(base.node, of_services, base.clock),
        connections=ConnectionsDesk(of_services, base.clock, partial(base.broker.ping, timeout=0.5)),
        sender=SenderSide(intake),
        receiver=receiver,
        paths=PathsDesk(base.database("paths"), base.clock),
        dead_letters=DeadLetterDesk(base.node, of_services),
        clients=ClientDesk(intake),
        institutions=InstitutionsDesk(base.directory, base.database("edge"), base.clock),
        receivers=ReceiverDesk(intake),
        attachments=AttachmentDesk(intake),
        imports=ImportDesk(intake),
        received_files=ReceivedAttachments(receiving),
        applications=ApplicationDesk(intake),
        given_notices=GivenNotices(intake),
        received_notices=ReceivedNotices(receiving),
        asked_places=AskedPlaces(intake),
        places_to_tell=PlacesToTell(receiving),
        work=WorkDesk(SenderWork(intake), ReceiverWork(receiving), PathsWork(base.database("paths"))),
    )
    return edge_app(base.node, desks)
