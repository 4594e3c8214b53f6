"""What a function of HTTP is handed, without a site around it."""

import socket
import threading
from collections.abc import Iterator

import azure.functions as func
import httpx
import pytest

from local_azure.functions_host.http_listener import Answers, http_server
from local_azure.functions_host.http_routes import Route
from local_azure.functions_host.loading import Loaded


def tell(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(f"{req.method} {req.url} {dict(req.params)} {req.get_body().decode()}")


@pytest.fixture
def address() -> Iterator[str]:
    answers = Answers()
    trigger = {"type": "httpTrigger", "name": "req", "route": "tell", "authLevel": "anonymous"}
    answers.routes, answers.why_not = [Route.of(Loaded("tell", trigger, tell), "api")], None
    server = http_server(0, answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_body_that_comes_in_chunks_is_whole_and_ends_where_it_ends(address: str) -> None:
    with httpx.Client(trust_env=False) as client:
        chunks = iter([b"two teapots", b"", b" and a cup"])
        answer = client.post(f"{address}/api/tell?how=all", content=chunks)
        assert answer.text == f"POST {address}/api/tell?how=all {{'how': 'all'}} two teapots and a cup"
        # On the same connection.
        assert client.get(f"{address}/api/tell").text == f"GET {address}/api/tell {{}} "


def test_a_function_is_told_the_address_that_was_asked(address: str) -> None:
    headers = {"Host": "func-shop.azurewebsites.net", "X-Forwarded-Proto": "https"}
    answer = httpx.get(f"{address}/api/tell?a=1", headers=headers, trust_env=False)
    assert answer.text == "GET https://func-shop.azurewebsites.net/api/tell?a=1 {'a': '1'} "


@pytest.mark.parametrize("head", ["Content-Length: many", "Transfer-Encoding: chunked\r\n\r\nmany"])
def test_a_body_of_no_length_is_a_bad_request(address: str, head: str) -> None:
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as client:
        client.sendall(f"POST /api/tell HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n".encode())
        assert client.recv(100).startswith(b"HTTP/1.1 400 ")
