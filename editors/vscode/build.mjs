// Makes out/extension.js, one file with all that it needs, and brings the licences along.

import { copyFileSync } from "node:fs";
import { build } from "esbuild";

await build({
  entryPoints: ["src/extension.ts"],
  outfile: "out/extension.js",
  bundle: true,
  minify: true,
  platform: "node",
  format: "cjs",
  target: "node18",
  external: ["vscode"],
  logLevel: "warning",
});
for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) {
  copyFileSync(`../../${licence}`, licence);
}
