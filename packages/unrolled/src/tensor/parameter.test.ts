import { describe, expect, it, vi } from "vitest";
import { engines, wasmEngines } from "../engine/testing/engines.js";
import { wasmEngine } from "../engine/wasm-engine.js";
import { tensor } from "./create.js";
import { Parameter } from "./parameter.js";

describe.each(engines)("Parameter, $name engine", ({ create }) => {
  const engine = create();

  it("computes its initial values when they are first needed, and once", () => {
    const initialValues = vi.fn(() => [1, 2, 3]);
    const parameter = new Parameter(engine, "bias", [3], initialValues);
    expect(initialValues).not.toHaveBeenCalled();
    expect(parameter.read().toArray()).toEqual([1, 2, 3]);
    expect(parameter.read().toArray()).toEqual([1, 2, 3]);
    expect(initialValues).toHaveBeenCalledOnce();
    expect([parameter.name, parameter.shape, parameter.size]).toEqual(["bias", [3], 3]);
  });

  it("never computes initial values where others are written first", () => {
    const initialValues = vi.fn(() => [1, 2]);
    const parameter = new Parameter(engine, "bias", [2], initialValues);
    parameter.write(tensor([5, 6]));
    expect(parameter.read().toArray()).toEqual([5, 6]);
    expect(initialValues).not.toHaveBeenCalled();
  });

  it.runIf(engine.name !== "reference")(
    "is refused where its memory has no room for it, before any initial value is computed",
    () => {
      const initialValues = vi.fn(() => []);
      const parameter = new Parameter(engine, "weight", [65_536, 65_536], initialValues);
      expect(() => parameter.address).toThrow(expect.objectContaining({ code: "UNROLLED_MEMORY" }));
      expect(initialValues).not.toHaveBeenCalled();
    },
  );

  it("stays without values where computing them failed, and computes them the next time", () => {
    const initialValues = vi
      .fn(() => [1, 2])
      .mockImplementationOnce(() => {
        throw new Error("not yet");
      });
    const parameter = new Parameter(engine, "bias", [2], initialValues);
    expect(() => parameter.read()).toThrow("not yet");
    expect(parameter.read().toArray()).toEqual([1, 2]);
  });

  it("raises its version with every write and every report of one, and never by being read", () => {
    const parameter = new Parameter(engine, "bias", [2], () => [1, 2]);
    parameter.read();
    expect(parameter.version).toBe(0);
    parameter.write(tensor([3, 4]));
    parameter.raiseVersion();
    expect(parameter.version).toBe(2);
  });

  it("gives copies: neither what was read nor what was written is its memory", () => {
    const parameter = new Parameter(engine, "bias", [2], () => [1, 2]);
    parameter.read().data.fill(9);
    expect(parameter.read().toArray()).toEqual([1, 2]);
    const values = tensor([3, 4]);
    parameter.write(values);
    values.data.fill(9);
    expect(parameter.read().toArray()).toEqual([3, 4]);
  });

  it("refuses values of another shape and stays as it was", () => {
    const parameter = new Parameter(engine, "weight_ih_l0", [2, 3], () => [1, 2, 3, 4, 5, 6]);
    for (const shape of [[3, 2], [6], [2, 3, 1]]) {
      const message = `parameter weight_ih_l0: expected values of shape [2, 3], received [${shape.join(", ")}].`;
      expect(() => parameter.write(tensor(new Float32Array(6), shape))).toThrow(
        expect.objectContaining({ code: "UNROLLED_SHAPE", message }),
      );
    }
    expect(parameter.version).toBe(0);
    expect(parameter.read().toArray()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it.each([true, false])("packs its values as the kernels do, and anew only after a write (transposed: %s)", (transposed) => {
    const [n, k] = [5, 3];
    const values = Array.from({ length: n * k }, (_, i) => i + 1);
    const parameter = new Parameter(engine, "weight", [n, k], () => values);
    const [depth, columns] = transposed ? [k, n] : [n, k];
    const length = engine.kernels.packedLength(depth, columns);
    const expected = (numbers: number[]) => {
      const [source, packed] = [engine.allocator.allocate(n * k), engine.allocator.allocate(length)];
      engine.write(numbers, source);
      engine.kernels.pack(depth, columns, source, k, transposed, packed);
      return engine.read(packed, length);
    };

    const address = parameter.packed(transposed);
    expect(engine.read(address, length)).toEqual(expected(values));

    engine.write([99], address);
    expect(parameter.packed(transposed)).toBe(address);
    expect(engine.readNumber(address)).toBe(99);

    const written = values.map((value) => -value);
    parameter.write(tensor(Float32Array.from(written), [n, k]));
    expect(parameter.packed(transposed)).toBe(address);
    expect(engine.read(address, length)).toEqual(expected(written));
  });
});

describe.each(wasmEngines)("Parameter in full memory, $name engine", ({ name }) => {
  it("fails each time it is read until there is room, and never reads another's memory", () => {
    const engine = wasmEngine(name as "baseline" | "relaxed", { maximumPages: 8 });
    const large = new Parameter(engine, "weight", [200_000], () => new Float32Array(200_000));
    const full = expect.objectContaining({ code: "UNROLLED_MEMORY" });
    expect(() => large.read()).toThrow(full);
    expect(() => large.read()).toThrow(full);
    expect(() => large.address).toThrow(full);
    const small = new Parameter(engine, "bias", [2], () => [1, 2]);
    expect(small.read().toArray()).toEqual([1, 2]);
  });
});
