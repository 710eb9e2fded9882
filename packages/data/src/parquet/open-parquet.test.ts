import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, it } from "vitest";
import { all, Files, valuesOf } from "../testing/files.js";
import { openParquet } from "./open-parquet.js";

const files = new Files("parquet");

it("openParquet gives columns and values, whole numbers as numbers where float64 holds them, times as text, null for what is missing", async () => {
  const bytes = parquetWriteBuffer({
    columnData: [
      { name: "text", data: ["café", "tea", null], type: "STRING" },
      { name: "count", data: [1n, 2n ** 60n, -3n], type: "INT64" },
      { name: "size", data: [0.5, Number.NaN, 2], type: "DOUBLE" },
      { name: "good", data: [true, false, null], type: "BOOLEAN" },
      { name: "at", data: [new Date("2016-07-01T14:00:00Z"), new Date("2016-07-02T00:00:00Z"), null], type: "TIMESTAMP" },
    ],
  });
  const path = await files.write("data.parquet", new Uint8Array(bytes));
  const records = await openParquet(path);
  expect(records.columns).toEqual(["text", "count", "size", "good", "at"]);
  expect(await valuesOf(records)).toEqual([
    ["café", 1, 0.5, true, "2016-07-01 14:00:00"],
    ["tea", "1152921504606846976", Number.NaN, false, "2016-07-02"],
    [null, -3, 2, null, null],
  ]);
});

it("openParquet reads group after group, as often as asked for, and numbers its rows through", async () => {
  const data = Array.from({ length: 25 }, (_, k) => k);
  const path = await files.write(
    "data.parquet",
    new Uint8Array(parquetWriteBuffer({ columnData: [{ name: "k", data }], rowGroupSize: 10 })),
  );
  const records = await openParquet(path);
  const rows = await all(records.rows());
  expect(rows.map(({ values }) => values[0])).toEqual(data);
  expect(rows[12]?.place).toBe(`${path}, row 13`);
  expect(await all(records.rows())).toEqual(rows);
});
