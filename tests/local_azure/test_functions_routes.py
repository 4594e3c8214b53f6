"""Which function of HTTP a path leads to (F17)."""

import azure.functions as func
import pytest

from local_azure.functions_host.http_listener import Answers
from local_azure.functions_host.http_routes import Route
from local_azure.functions_host.loading import Loaded, NotServedError


def route(template: str | None, name: str = "tell", prefix: str = "api", level: str = "anonymous") -> Route:
    def told(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse(f"{name} {dict(req.route_params)}")

    trigger = {"type": "httpTrigger", "name": "req", "route": template, "authLevel": level}
    return Route.of(Loaded(name, trigger, told), prefix)


def answer(path: str, *routes: Route, method: str = "GET") -> tuple[int, str]:
    answers = Answers()
    answers.routes, answers.why_not = sorted(routes, key=lambda one: one.function.name), None
    found = answers.to(method, f"https://app{path}", {}, lambda: b"")
    return found.status_code, found.get_body().decode()


@pytest.mark.parametrize(
    ("template", "path", "found"),
    [
        (None, "/api/tell", {}),
        ("orders", "/api/orders/", {}),
        ("Orders/{id}", "/api/ORDERS/a%20b", {"id": "a b"}),
        ("orders/{id?}", "/api/orders", {}),
        ("orders/{id?}", "/api/orders/7", {"id": "7"}),
        ("orders/{id:int}", "/api/orders/7", {"id": "7"}),
        ("orders/{id:int?}", "/api/orders", {}),
        ("orders/{page=1}", "/api/orders", {"page": "1"}),
        ("products/{category:alpha}/{id:int?}", "/api/products/tea/12", {"category": "tea", "id": "12"}),
        ("files/{*path}", "/api/files/2026/11/a.txt", {"path": "2026/11/a.txt"}),
        ("files/{*path}", "/api/files", {}),
        ("files/{name}.{ext}", "/api/files/a.b.txt", {"name": "a", "ext": "b.txt"}),
        ("o/{id:guid}", "/api/o/0b0a1c2d-0000-4000-8000-00000000000a", {
            "id": "0b0a1c2d-0000-4000-8000-00000000000a"
        }),
        ("o/{n:range(1,9)}/{w:length(2,3)}", "/api/o/9/abc", {"n": "9", "w": "abc"}),
        ("o/{on:bool}/{day:datetime}", "/api/o/True/2026-11-30", {"on": "True", "day": "2026-11-30"}),
        ("o/{n:min(2):max(4)}", "/api/o/4", {"n": "4"}),
    ],
)  # fmt: skip
def test_f17_a_path_leads_to_the_function_whose_route_it_fits(
    template: str | None, path: str, found: dict[str, str]
) -> None:
    assert answer(path, route(template)) == (200, f"tell {found}")


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("orders/{id}", "/api/orders"),
        ("orders/{id}", "/api/orders/1/2"),
        ("orders/{id:int}", "/api/orders/seven"),
        ("o/{id:guid}", "/api/o/7"),
        ("o/{n:range(1,9)}", "/api/o/10"),
        ("o/{n:max(4)}", "/api/o/many"),
        ("o/{w:alpha}", "/api/o/a1"),
        ("o/{w:minlength(2)}", "/api/o/a"),
        ("o/{w:maxlength(2)}", "/api/o/abc"),
        ("o/{w:length(2)}", "/api/o/abc"),
        ("o/{n:double}", "/api/o/1."),
        ("o/{d:datetime}", "/api/o/today"),
        ("orders", "/orders"),
        ("orders", "/api/order"),
    ],
)
def test_f17_a_path_that_fits_none_is_not_found(template: str, path: str) -> None:
    assert answer(path, route(template)) == (404, "")


@pytest.mark.parametrize(("prefix", "path"), [("", "/orders"), ("shop/v1", "/shop/v1/orders")])
def test_f17_the_prefix_is_that_of_host_json(prefix: str, path: str) -> None:
    assert answer(path, route("orders", prefix=prefix)) == (200, "tell {}")
    assert answer("/api/orders", route("orders", prefix=prefix)) == (404, "")


def test_f17_of_several_routes_that_of_the_first_name_is_taken() -> None:
    exact, wide = route("orders/open", "b"), route("orders/{id}", "a")
    assert answer("/api/orders/open", exact, wide) == (200, "a {'id': 'open'}")
    numbered = route("orders/{id:int}", "a")
    assert answer("/api/orders/open", exact, numbered) == (200, "b {}")


@pytest.mark.parametrize("level", ["function", "admin"])
def test_a_key_is_wanted_by_each_level_but_anonymous_and_no_key_is_held_here(level: str) -> None:
    assert answer("/api/orders", route("orders", level=level)) == (401, "")


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("o/{id:fits(3)}", "has a constraint that is not read here: fits(3)"),
        ("o/{id", "has a part that is not read here: {id"),
    ],
)
def test_a_template_that_is_not_read_here_is_refused_in_words(template: str, why: str) -> None:
    with pytest.raises(NotServedError) as refused:
        route(template)
    assert str(refused.value) == f"the route of function tell {why}"
