// Where the server's program is. Knows nothing of the editor, so that tests can ask it anything.

import * as path from "node:path";

/** What looking for a program depends on. */
export interface Surroundings {
  /** Environment variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** `process.platform`. */
  readonly platform: string;
  /** The user's home. */
  readonly home: string;
  /** The first folder of the workspace, where there is one. */
  readonly workspace: string | undefined;
  /** Whether there is a file that can be run. */
  readonly isProgram: (file: string) => boolean;
}

/** A program, or why there is none: a path that was set is never replaced by another program. */
export type Found =
  | { readonly kind: "found"; readonly program: string }
  | { readonly kind: "not there"; readonly asked: string }
  | { readonly kind: "nowhere" };

const NAME = "cargo-thread-lint";

/** The program that the settings name, else that on `PATH`, else that in cargo's `bin` folder. */
export function find(setting: string, around: Surroundings): Found {
  const paths = around.platform === "win32" ? path.win32 : path.posix;
  const file = around.platform === "win32" ? `${NAME}.exe` : NAME;
  const asked = expanded(setting.trim(), around, paths);
  if (asked !== "") {
    return around.isProgram(asked) ? { kind: "found", program: asked } : { kind: "not there", asked };
  }
  // Windows writes `Path`.
  const listed = Object.entries(around.variables).find(([name]) => name.toUpperCase() === "PATH")?.[1] ?? "";
  // A relative folder in PATH would let whoever wrote the workspace choose the program.
  const folders = listed.split(paths.delimiter).filter((folder) => paths.isAbsolute(folder));
  const cargoHome = around.variables["CARGO_HOME"] ?? "";
  folders.push(paths.join(paths.isAbsolute(cargoHome) ? cargoHome : paths.join(around.home, ".cargo"), "bin"));
  const programs = folders.map((folder) => paths.join(folder, file));
  const program = programs.find((candidate) => around.isProgram(candidate));
  return program === undefined ? { kind: "nowhere" } : { kind: "found", program };
}

/** A path with `~` and `${workspaceFolder}` written out; a relative one starts at the workspace. */
function expanded(setting: string, around: Surroundings, paths: path.PlatformPath): string {
  if (setting === "") {
    return "";
  }
  const workspace = around.workspace ?? around.home;
  // A function, as `$` in a replacement's text is special.
  const inside = setting.replaceAll("${workspaceFolder}", () => workspace);
  const atHome = /^~(?=$|[\\/])/.test(inside) ? around.home + inside.slice(1) : inside;
  return paths.resolve(workspace, atHome);
}
