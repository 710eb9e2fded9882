import { describe, expect, it } from "vitest";
import "./testing/engines.js";
import { type ModuleName, moduleBytes } from "./module-bytes.js";
import { pairingFault, switchOnPairing } from "./pairing.js";

const compiled = (name: ModuleName) => new WebAssembly.Module(moduleBytes(name));

describe("pairingFault", () => {
  it("finds products with other bits, by what it is told is the wide build", () => {
    expect(pairingFault(compiled("relaxed"), compiled("baseline"))).toBe(
      "computes other products than the relaxed build on this machine",
    );
  });

  it("finds wide tiles slower where V8 doesn't pair, since they have too many registers, and only there", { retry: 5 }, () => {
    // a time, so that what else the machine does may spoil it
    const slower = /^is 0\.\d\d times as fast as the relaxed build on this machine, and would have to be 0\.8 times$/;
    const isPaired = switchOnPairing();
    expect(pairingFault(compiled("relaxed"), compiled("wide")) ?? "nothing").toMatch(isPaired ? /^nothing$/ : slower);
  });

  it("finds nothing wrong with the relaxed build itself", { retry: 5 }, () => {
    expect(pairingFault(compiled("relaxed"), compiled("relaxed"))).toBe(undefined);
  });
});
