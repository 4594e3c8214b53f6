// Reads {"tables": {name: {column: type}}, "queries": {name: text}} from standard input, and prints what
// Microsoft's parser of KQL says of each query: {name: [{line, code, message}]}.
"use strict";
const { readFileSync } = require("node:fs");

global.window = global;
require("@kusto/language-service-next/bridge.min");
require("@kusto/language-service-next/Kusto.Language.Bridge.min");

const { Symbols, GlobalState, KustoCode } = Kusto.Language;
const { tables, queries } = JSON.parse(readFileSync(0, "utf8"));
const name = (text) => `['${text}']`;
const schema = (columns) => `(${Object.entries(columns).map(([key, type]) => `${name(key)}: ${type}`).join(", ")})`;
const known = Object.entries(tables).map(([key, columns]) => new Symbols.TableSymbol.$ctor7(key, schema(columns), null));
const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor("workspace", known));

const found = {};
for (const [key, text] of Object.entries(queries)) {
  const said = KustoCode.ParseAndAnalyze(text, globals).GetDiagnostics();
  found[key] = [];
  for (let number = 0; number < said.Count; number++) {
    const one = said.getItem(number);
    const line = text.slice(0, one.Start).split("\n").length;
    found[key].push({ line, code: one.Code, message: one.Message });
  }
}
process.stdout.write(JSON.stringify(found));
