import { describe, expect, it } from "vitest";
import "./testing/engines.js";
import { type ModuleName, moduleBytes } from "./module-bytes.js";
import { pairingFault } from "./pairing.js";

const compiled = (name: ModuleName) => new WebAssembly.Module(moduleBytes(name));

describe("pairingFault", () => {
  it("finds products with other bits, by what it is told is the wide build", () => {
    expect(pairingFault(compiled("relaxed"), compiled("baseline"))).toBe(
      "computes other products than the relaxed build on this machine",
    );
  });

  it("finds products that are right and no faster", { retry: 5 }, () => {
    // a time, so that what else the machine does may spoil it
    expect(pairingFault(compiled("relaxed"), compiled("relaxed"))).toMatch(
      /^is [01]\.\d\d times as fast as the relaxed build on this machine, and would have to be 1\.1 times$/,
    );
  });
});
