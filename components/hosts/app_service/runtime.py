"""What an app is written in, or its container; how it starts, and how App Service sees that it is well."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NotRequired, TypedDict

import pulumi

from ...arguments import Arguments
from ...errors import Give, Problem, Step, TakeOut
from ...form import Form
from ...identity import IdentityKind
from ...links.link import IdentityIds, Told, Variables
from ...links.needs import Need
from ...shown import ANYTHING, beginning
from ...taken_out import Kept, taken_out
from ..container_image import ContainerImage, ContainerImageArgs, read_container_image
from . import site_image
from .hardening import SiteConfigFields
from .languages import OF_WEB_APPS, Runtime, read_language
from .plan import OperatingSystem

NODE_VERSION: Final = "WEBSITE_NODE_DEFAULT_VERSION"
"""How Node's version is chosen on Windows: https://learn.microsoft.com/azure/app-service/configure-language-nodejs"""


_COMMAND: Final = Form("a command", lambda _: True)
_PATH: Final = Form.matching("a path that starts with a slash", f"/{ANYTHING}", beginning("/", ANYTHING))


_NO_JAVA: Final = Step(
    "clear it in the app, and in each slot, and run the same with --refresh",
    command="az webapp config set --resource-group <group> --name <app> "
    """--generic-configurations '{"javaVersion": ""}'""",
)
KEPT: Final = (
    Kept("siteConfig.healthCheckPath", taken_out("health_check_path", "an empty text", "")),
    Kept("siteConfig.appCommandLine", taken_out("startup_command", "an empty text", "")),
    Kept(
        "siteConfig.javaVersion",
        Problem(
            "runtime", "another language, where the app has Java", "no version of Java beside it", _NO_JAVA
        ),
    ),
)
"""What App Service keeps of a runtime that an argument gives no longer. Beside a version of Java, App Service
takes the app for one in Java: https://learn.microsoft.com/azure/app-service/configure-language-java"""


class RuntimeArgs(TypedDict):
    """What runs on a site."""

    runtime: NotRequired[Runtime]
    """Language and version; left out, python-3.12, or none in a container."""
    health_check_path: NotRequired[pulumi.Input[str]]
    """Path that tells whether an instance is well, starting with a slash; left out or empty, no check."""


class WebRuntimeArgs(RuntimeArgs, ContainerImageArgs):
    """What runs on the site of a web app, and on which system."""

    os: NotRequired[OperatingSystem]
    """What the workers of the plan run, own or given; left out, linux."""
    startup_command: NotRequired[pulumi.Input[str]]
    """What starts the app, on Linux or in a container; left out or empty, what App Service finds."""


@dataclass(frozen=True)
class RuntimeChoices:
    """The arguments of what runs, read and checked: a `runtime` or an `image`, never both."""

    os: OperatingSystem
    runtime: Runtime | None
    image: ContainerImage | None
    startup_command: pulumi.Output[str] | None
    health_check_path: pulumi.Output[str] | None
    registry_taken_back: bool = False

    @property
    def is_container(self) -> bool:
        return self.image is not None

    @property
    def kind(self) -> str:
        """https://github.com/Azure/app-service-linux-docs/blob/master/Things_You_Should_Know/kind_property.md"""
        if self.os is OperatingSystem.LINUX:
            return "app,linux,container" if self.is_container else "app,linux"
        return "app,container,windows" if self.is_container else "app"

    @property
    def source(self) -> str:
        return "runtime" if self.image is None else self.image.source

    @property
    def grants_here(self) -> bool:
        return True

    @property
    def variables(self) -> Variables:
        """Those of the system or the container, given or not: nobody may give them by hand."""
        if self.image:
            return site_image.VARIABLES
        return [(NODE_VERSION, "runtime")] if self.os is OperatingSystem.WINDOWS else []

    @property
    def stay_at_a_swap(self) -> Collection[str]:
        return ()

    def needs(self) -> Sequence[Need]:
        return self.image.needs() if self.image else []

    def tells(self, _ids: IdentityIds, /) -> Mapping[str, Told]:
        if self.image:
            return site_image.told()
        node = self.runtime is not None and self.runtime.language == "node"
        if node and self.runtime and self.os is OperatingSystem.WINDOWS:
            return {NODE_VERSION: pulumi.Output.from_input(f"~{self.runtime.version}")}
        return {}

    def known(self) -> Mapping[str, Any]:
        return {}

    def site_config(self, ids: IdentityIds) -> SiteConfigFields:
        config: SiteConfigFields = {"health_check_path": self.health_check_path}
        if self.startup_command is not None:
            config["app_command_line"] = self.startup_command
        if self.image:
            config.update(site_image.running(self.image, self.os is OperatingSystem.LINUX, ids))
        elif self.runtime:
            config.update(_stack(self.runtime, self.os))
        if self.registry_taken_back:
            config.update(site_image.pulling_as_nobody())
        return config


def read_runtime(arguments: Arguments, os: OperatingSystem, identity: IdentityKind) -> RuntimeChoices:
    image = read_container_image(arguments, identity)
    arguments.exclude("container_image", ("runtime",), "a container brings its own runtime")
    runtime = read_language(
        arguments, OF_WEB_APPS, "web apps have", "choose one of these, or use a FunctionApp"
    )
    if os is OperatingSystem.WINDOWS and not arguments.has("container_image"):
        _check_on_windows(arguments, runtime)
    return RuntimeChoices(
        os=os,
        runtime=None if arguments.has("container_image") else runtime,
        image=image,
        startup_command=arguments.text("startup_command", _COMMAND),
        health_check_path=read_health_check_path(arguments),
        registry_taken_back=arguments.is_taken_back("container_registry_id"),
    )


def read_health_check_path(arguments: Arguments) -> pulumi.Output[str] | None:
    return arguments.text("health_check_path", _PATH.or_empty())


def _check_on_windows(arguments: Arguments, runtime: Runtime) -> None:
    if not runtime.exists_on_windows:
        there = ", ".join(known for known in Runtime if known.exists_on_windows)
        given = f"windows, with {runtime.value}"
        steps = (
            Step("take os out", (TakeOut("os"),)),
            Step("give one of these runtimes", (Give("runtime"),)),
        )
        arguments.refuse("os and runtime", given, f"a runtime that Windows has: {there}", steps)
    if arguments.has("startup_command") and not arguments.is_taken_back("startup_command"):
        words = "take startup_command out, and say it in the app's web.config"
        step = Step(words, (TakeOut("startup_command"),))
        expected = "linux, or a container: on Windows the app's web.config starts it"
        arguments.refuse("os and startup_command", "windows, with startup_command", expected, step)


def _stack(runtime: Runtime, os: OperatingSystem) -> SiteConfigFields:
    """https://learn.microsoft.com/rest/api/appservice/web-apps/update-configuration#siteconfigresource"""
    if os is OperatingSystem.LINUX:
        return {"linux_fx_version": runtime.linux_fx_version}
    if runtime.language == "dotnet":
        return {"net_framework_version": f"v{runtime.version}.0"}
    if runtime.language == "java":
        return {"java_container": "JAVA", "java_container_version": "SE", "java_version": runtime.version}
    return {}
