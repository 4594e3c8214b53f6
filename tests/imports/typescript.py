"""The TypeScript example: its declarations read, its packages installed, its program compiled and run."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests import npm
from toolchain.paths import ROOT, WORK

EXAMPLE = ROOT / "examples" / "typescript"
SOURCES = ("index.ts", "keyless.ts", "stack.ts", "tsconfig.json", "package.json", "package-lock.json")

RUNNER = """
const { readFileSync } = require("node:fs");
const automation = require("@pulumi/pulumi/automation");
const { stack } = require("./bin/stack.js");

async function main(plugin, token) {
  const plugins = { providers: [{ name: "keyless", path: plugin }] };
  const inline = { stackName: "dev", projectName: "shop", program: async () => stack(token) };
  const settings = { projectSettings: { name: "shop", runtime: "nodejs", plugins } };
  const made = await automation.LocalWorkspace.createOrSelectStack(inline, settings);
  const up = await made.up();
  const again = await made.preview();
  console.log(JSON.stringify({
    outputs: Object.fromEntries(Object.entries(up.outputs).map(([key, output]) => [key, output.value])),
    preview: again.changeSummary,
    state: readFileSync(new URL(`${process.env.PULUMI_BACKEND_URL}/.pulumi/stacks/shop/dev.json`), "utf8"),
    printed: up.stdout,
  }));
  await made.destroy();
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
"""
"""The Automation API runs a program inside its own process, so the engine needs no language host for it."""


@dataclass(frozen=True)
class Declared:
    """A class of the module: the token it registers, its arguments (with `?` where optional), its outputs."""

    token: str
    arguments: dict[str, str]
    outputs: dict[str, str]
    requested: set[str]


def declared(text: str) -> dict[str, Declared]:
    found: dict[str, Declared] = {}
    for name, body in re.findall(
        r"export class (\w+) extends pulumi\.ComponentResource \{(.*?)\n\}", text, re.DOTALL
    ):
        (arguments,) = re.findall(rf"export interface {name}Args \{{(.*?)\n\}}", text, re.DOTALL)
        (token,) = re.findall(r'super\("([^"]+)"', body)
        found[name] = Declared(
            token,
            dict(re.findall(r"^  (\w+\??): (.+);$", arguments, re.MULTILINE)),
            dict(re.findall(r"^  declare readonly (\w+): (.+);$", body, re.MULTILINE)),
            set(re.findall(r"(\w+): undefined", body)),
        )
    return found


def records(text: str) -> dict[str, dict[str, str]]:
    """The records that arguments hold: name to its fields, with `?` where optional."""
    found = re.findall(
        r"^export interface (\w+LinkArgs|LinkArgs) \{(.*?)\n\}", text, re.DOTALL | re.MULTILINE
    )
    return {name: dict(re.findall(r"^  (\w+\??): (.+);$", body, re.MULTILINE)) for name, body in found}


def choices(text: str) -> dict[str, list[str]]:
    found = re.findall(r"^export type (\w+) = (.+);$", text, re.MULTILINE)
    return {name: re.findall(r'"([^"]+)"', values) for name, values in found}


def installed() -> Path:
    """A folder with the example and the packages of its lock file, kept between runs in the working state."""
    folder = npm.installed(EXAMPLE, SOURCES, WORK / "typescript", "the TypeScript example")
    (folder / "run.js").write_text(RUNNER, encoding="utf-8")
    return folder
