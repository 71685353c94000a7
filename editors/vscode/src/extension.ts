// Starts `cargo-thread-lint lsp` and keeps it in step with the settings. Everything else is the server's.

import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import * as vscode from "vscode";
import { type Executable, LanguageClient, type LanguageClientOptions, TransportKind } from "vscode-languageclient/node";
import { find, type Found } from "./find";

/** The section of the settings. */
const SECTION = "threadLint";

let output: vscode.OutputChannel;
let trace: vscode.OutputChannel;
let client: LanguageClient | undefined;
/** Starts and stops, one after the other. */
let turn: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  output = vscode.window.createOutputChannel("thread-lint");
  trace = vscode.window.createOutputChannel("thread-lint (trace)");
  const again = (): Promise<void> => inTurn(() => restart(context));
  context.subscriptions.push(
    output,
    trace,
    vscode.commands.registerCommand("threadLint.restartServer", again),
    vscode.commands.registerCommand("threadLint.showOutput", () => {
      output.show();
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      // The server asks for the others by itself when they change.
      if (change.affectsConfiguration(`${SECTION}.server`)) {
        void again();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void again()),
  );
  await again();
}

export async function deactivate(): Promise<void> {
  await inTurn(stop);
}

function inTurn(work: () => Promise<void>): Promise<void> {
  turn = turn.then(work).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    output.appendLine(reason);
    void failed(`thread-lint: ${reason}`);
  });
  return turn;
}

async function failed(message: string): Promise<void> {
  const show = "Show output";
  if ((await vscode.window.showErrorMessage(message, show)) === show) {
    output.show();
  }
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  // One that never started cannot be stopped.
  if (running?.needsStop() === true) {
    await running.stop();
  }
}

async function restart(context: vscode.ExtensionContext): Promise<void> {
  await stop();
  const settings = vscode.workspace.getConfiguration(SECTION);
  const found = find(settings.get<string>("server.path", ""), {
    variables: process.env,
    platform: process.platform,
    home: homedir(),
    workspace: vscode.workspace.workspaceFolders?.find((folder) => folder.uri.scheme === "file")?.uri.fsPath,
    isProgram,
  });
  if (found.kind !== "found") {
    void missing(context, found);
    return;
  }
  const server: Executable = {
    command: found.program,
    args: ["lsp", ...settings.get<string[]>("server.extraArguments", [])],
    transport: TransportKind.stdio,
  };
  output.appendLine(`starting ${[server.command, ...(server.args ?? [])].join(" ")}`);
  const options: LanguageClientOptions = {
    documentSelector: [
      { scheme: "file", language: "rust" },
      { scheme: "file", pattern: "**/thread-lint.toml" },
    ],
    initializationOptions: {
      levels: settings.get<string[]>("levels", []),
      tests: settings.get<boolean>("tests", false),
      allTargets: settings.get<boolean>("allTargets", false),
    },
    outputChannel: output,
    traceOutputChannel: trace,
  };
  client = new LanguageClient(SECTION, "thread-lint", server, options);
  await client.start();
}

/** Says that there is no program, and offers help. */
async function missing(context: vscode.ExtensionContext, found: Exclude<Found, { kind: "found" }>): Promise<void> {
  const set = found.kind === "not there";
  const message = set
    ? `thread-lint: there is no program at ${found.asked}, which threadLint.server.path names`
    : "thread-lint: cargo-thread-lint is neither on PATH nor in cargo's bin folder";
  output.appendLine(message);
  const [install, settings] = ["How to install", "Open settings"];
  const chosen = await vscode.window.showErrorMessage(message, install, settings);
  if (chosen === install) {
    const page = vscode.Uri.joinPath(context.extensionUri, "install.md");
    await vscode.commands.executeCommand("markdown.showPreview", page);
  } else if (chosen === settings) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "threadLint.server.path");
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
