import * as assert from "node:assert/strict";
import { test } from "node:test";
import { find, type Found, type Surroundings } from "./find";

function around(programs: string[], more: Partial<Surroundings> = {}): Surroundings {
  return {
    variables: { PATH: "/usr/bin:/opt/bin" },
    platform: "linux",
    home: "/home/me",
    workspace: "/project",
    isProgram: (file) => programs.includes(file),
    ...more,
  };
}

function found(program: string): Found {
  return { kind: "found", program };
}

test("the first on PATH, then cargo's folder", () => {
  const [first, second] = ["/opt/bin/cargo-thread-lint", "/home/me/.cargo/bin/cargo-thread-lint"];
  assert.deepEqual(find("", around([first, second])), found(first));
  assert.deepEqual(find("  ", around([second])), found(second));
  assert.deepEqual(find("", around([])), { kind: "nowhere" });
});

test("cargo's folder can be elsewhere", () => {
  const program = "/cargo/bin/cargo-thread-lint";
  assert.deepEqual(find("", around([program], { variables: { CARGO_HOME: "/cargo" } })), found(program));
  // What is relative is not looked at.
  const variables = { CARGO_HOME: "cargo", PATH: "bin:.:" };
  const near = ["cargo/bin/cargo-thread-lint", "bin/cargo-thread-lint", "cargo-thread-lint"];
  assert.deepEqual(find("", around(near, { variables })), { kind: "nowhere" });
});

test("a setting alone counts", () => {
  const others = ["/usr/bin/cargo-thread-lint"];
  assert.deepEqual(find("/x/lint", around([...others, "/x/lint"])), found("/x/lint"));
  assert.deepEqual(find("/x/lint", around(others)), { kind: "not there", asked: "/x/lint" });
});

test("a setting is written out", () => {
  const everything = around([], { isProgram: () => true });
  assert.deepEqual(find("~/bin/lint", everything), found("/home/me/bin/lint"));
  assert.deepEqual(find("~you/lint", everything), found("/project/~you/lint"));
  assert.deepEqual(find("${workspaceFolder}/target/lint", everything), found("/project/target/lint"));
  assert.deepEqual(find("target/lint", everything), found("/project/target/lint"));
  const dollars = around([], { isProgram: () => true, workspace: "/a$&b" });
  assert.deepEqual(find("${workspaceFolder}/x", dollars), found("/a$&b/x"));
  const nowhere = around([], { isProgram: () => true, workspace: undefined });
  assert.deepEqual(find("lint", nowhere), found("/home/me/lint"));
});

test("Windows has its own names", () => {
  const program = "C:\\tools\\cargo-thread-lint.exe";
  const windows: Partial<Surroundings> = {
    platform: "win32",
    home: "C:\\Users\\me",
    workspace: "D:\\work",
    variables: { Path: "C:\\Windows;C:\\tools" },
  };
  assert.deepEqual(find("", around([program], windows)), found(program));
  const own = "C:\\Users\\me\\.cargo\\bin\\cargo-thread-lint.exe";
  assert.deepEqual(find("", around([own], windows)), found(own));
  assert.deepEqual(find("~\\lint.exe", around(["C:\\Users\\me\\lint.exe"], windows)), found("C:\\Users\\me\\lint.exe"));
});
