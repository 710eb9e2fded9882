import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { commandName } from "./command-name.js";

const repository = fileURLToPath(new URL("../../../package.json", import.meta.url));

describe("commandName", () => {
  it("is npm start in the repository's own start script, and unrolled everywhere else", () => {
    expect(commandName({ npm_lifecycle_event: "start", npm_package_json: repository })).toBe("npm start --");
    expect(commandName({ npm_lifecycle_event: "test", npm_package_json: repository })).toBe("unrolled");
    expect(commandName({ npm_lifecycle_event: "start", npm_package_json: "/home/me/whales/package.json" })).toBe("unrolled");
    expect(commandName({})).toBe("unrolled");
  });
});
