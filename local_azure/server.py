"""The local Azure on the loopback: a proxy, a TLS server behind it under Azure's names, and a plain listener
beside it."""

import asyncio
import logging
import os
import socket
import ssl
import threading
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Self

import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp

from local_azure.azure import Azure
from local_azure.certificates import Certificates, trusted_file
from local_azure.control import CONTROL, Control
from local_azure.control_credential import draw
from local_azure.environment import client_environment, deployer_environment
from local_azure.forwarding import Forwarder
from local_azure.listeners import listener
from local_azure.outside import Outside, trusted_outside
from local_azure.planes import HTTPS, ListenerPlane, Listening
from local_azure.portal import Portal
from local_azure.prompt_server import PromptServer
from local_azure.proxy import Proxy
from local_azure.router import AzureRouter, LoopbackRouter
from local_azure.running import Addresses, Claim

# What matters is in the journal; uvicorn's own words would end on the terminal of whoever runs a test.
logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)


class LocalAzure:
    """One running local Azure. Everything it keeps is in `state`; nothing else is left when it stops.

        with LocalAzure(folder) as cloud:
            subprocess.run(command, env=os.environ | cloud.environment())

    `start` raises AlreadyRunningError when another process or object serves the same folder.
    """

    def __init__(self, state: Path) -> None:
        self._state = state.resolve()
        self._claim: Claim | None = None
        self._azure: Azure | None = None
        self._addresses: Addresses | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def azure(self) -> Azure:
        """The parts behind the listeners, for tests that move the clock or look at the store."""
        assert self._azure, "the local Azure is not started"
        return self._azure

    @property
    def addresses(self) -> Addresses:
        assert self._addresses, "the local Azure is not started"
        return self._addresses

    @property
    def proxy_url(self) -> str:
        return self.addresses.proxy

    @property
    def portal_url(self) -> str:
        """The plain address of the page for people."""
        return self.addresses.portal

    def client_environment(self) -> dict[str, str]:
        """What an app or a person gets: the way to the local Azure, and no credential."""
        addresses = self.addresses
        return client_environment(addresses.proxy, Path(addresses.authority)) | addresses.environment

    def environment(self) -> dict[str, str]:
        """What the deployer gets."""
        return self.client_environment() | deployer_environment(self.azure.entra.credentials()["deployer"])

    def start(self) -> None:
        """Listen, and start the apps of earlier runs. Returns when everything answers."""
        self._claim = Claim(self._state)
        try:
            self._azure = Azure(self._state)
            hosts = [CONTROL, *(plane.hosts for plane in self._azure.services.planes())]
            certificates = Certificates(self._state / "certificates", hosts)
            last = self._claim.last_addresses
            # The ports of the last run, if they are free: a shell that was told about them goes on working.
            listeners = [listener(last and last.proxy), listener(last and last.portal), listener()]
            proxy, portal, tls = (one.getsockname()[1] for one in listeners)
            self._addresses = Addresses(
                pid=os.getpid(),
                proxy=f"http://127.0.0.1:{proxy}",
                portal=f"http://127.0.0.1:{portal}",
                authority=str(certificates.authority_file),
            )
            started: Future[None] = Future()
            certificates.trust_also(trusted_outside())
            context = certificates.server_context()
            main = self._serve(listeners, tls, context, started)
            self._thread = threading.Thread(target=asyncio.run, args=(main,), name="local-azure", daemon=True)
            self._thread.start()
            started.result()
            listening = Listening(
                self._addresses.portal, self.client_environment(), context, certificates.server_context
            )
            self._azure.start(listening)
            self._addresses = replace(self._addresses, environment=self._azure.environment())
            self._claim.publish(self._addresses)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the apps and the listeners, and let go of the folder. May be called twice."""
        if self._azure:
            self._azure.stop()
        if self._thread and self._loop and self._stopping:
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()
        if self._azure:
            self._azure.close()
        if self._claim:
            self._claim.release()
        self._thread = self._loop = self._stopping = self._azure = self._addresses = self._claim = None

    async def _serve(
        self, listeners: list[socket.socket], tls_port: int, context: ssl.SSLContext, started: Future[None]
    ) -> None:
        """The event loop's whole life."""
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        azure, addresses = self.azure, self.addresses
        forwarder = Forwarder()
        listening = {"proxy": addresses.proxy, "portal": addresses.portal}
        control = Control(azure, listening, draw(self._state))

        async def journaled(host: str, method: str, path: str, status: int, decision: str) -> None:
            await run_in_threadpool(azure.journal.record, host, method, path, status, None, decision)

        def route(host: str, port: int) -> tuple[str, int] | None:
            plane = azure.services.plane(host)
            if isinstance(plane, ListenerPlane):
                return plane.address() if port in (plane.port, *plane.other_ports) else None
            served = plane is not None or host == CONTROL
            return ("127.0.0.1", tls_port) if served and port == HTTPS else None

        proxy = Proxy(route, Outside(trusted_file(Path(addresses.authority).resolve())), journaled)
        plain = _server(LoopbackRouter(azure, Portal(azure), addresses.portal), None)
        secure = _server(AzureRouter(azure, control, forwarder), context)
        try:
            running = [
                asyncio.create_task(plain.serve(sockets=[listeners[1]])),
                asyncio.create_task(secure.serve(sockets=[listeners[2]])),
            ]
            await proxy.start(listeners[0])
            while not (plain.started and secure.started):
                await asyncio.sleep(0.002)
            started.set_result(None)
        except BaseException as error:
            started.set_exception(error)
            raise
        await self._stopping.wait()
        await proxy.stop()
        plain.end()
        secure.end()
        await asyncio.gather(*running)
        await forwarder.close()


def _server(application: ASGIApp, context: ssl.SSLContext | None) -> PromptServer:
    config = uvicorn.Config(
        application,
        access_log=False,
        http="h11",
        lifespan="off",
        log_config=None,
        loop="asyncio",
        proxy_headers=False,
        server_header=False,
        ssl_context_factory=(lambda _config, _default: context) if context else None,
        timeout_graceful_shutdown=1,
        ws="wsproto" if context else "none",
    )
    return PromptServer(config)
