/**
 * Matrix products on tiles of 4 rows x 8 columns: eight accumulators of four floats stay in registers while k runs.
 *
 * One order of summation: an element of a product is one accumulator that starts from what stands in C and takes k ascending,
 * on every path (whole tile, edge, single row), so that a result never depends on how rows or columns were cut.
 *
 *   C: [m, n]    A: [m, k]    packed B: pack.ts
 */
import { Address, at } from "../math/address";
import { K_BLOCK, LEFT_BLOCK, LEFT_STEP, PANEL, PANEL_BYTES, evenDepth, pack, packLeft, packedLeftLength } from "./pack";
import { row } from "./row";
import { panelTiles } from "./tile";

/**
 * Rows and columns of C at a time, and rows of A that a panel meets before the next: so much of C, of A and the panels that they need fit into the
 * second-level cache together.
 */
const ROWS_AT_A_TIME: i32 = 256;
const COLUMNS_AT_A_TIME: i32 = 256;
const ROW_BLOCK: i32 = 64;

/** C = S + A·B, A row by row as it stands, B packed. S: C itself, or one row that is every row's (`sStride` 0). */
export function multiplyPacked(
  m: i32, n: i32, k: i32, a: Address, aStride: i32, packed: Address, s: Address, sStride: i32, c: Address, cStride: i32,
): void {
  if (k == 0) return;
  const aBytes = <usize>aStride << 2;
  const cBytes = <usize>cStride << 2;
  const panelBytes = <usize>k * PANEL_BYTES;
  const depth = evenDepth(k);
  for (let first = 0; first < m; first += ROWS_AT_A_TIME) {
    const rows = min(ROWS_AT_A_TIME, m - first);
    const aFirst = at(a) + <usize>first * aBytes;
    const sFirst = at(s) + <usize>first * (<usize>sStride << 2);
    const cFirst = at(c) + <usize>first * cBytes;
    if (rows == 1) {
      row(n, k, aFirst, at(packed), sFirst, cFirst);
      continue;
    }
    for (let j = 0; j < n; j += COLUMNS_AT_A_TIME) {
      const columns = min(COLUMNS_AT_A_TIME, n - j);
      const panels = at(packed) + <usize>(j / PANEL) * panelBytes;
      const cColumns = cFirst + (<usize>j << 2);
      let sColumns = sFirst + (<usize>j << 2);
      let sBytes = <usize>sStride << 2;
      for (let p = 0; p < k; p += depth) {
        const steps = min(depth, k - p);
        for (let i = 0; i < rows; i += ROW_BLOCK) {
          const height = min(ROW_BLOCK, rows - i), down = <usize>i;
          const aBlock = aFirst + down * aBytes + (<usize>p << 2);
          const sBlock = sColumns + down * sBytes, cBlock = cColumns + down * cBytes;
          block(height, columns, steps, aBlock, aBytes, panels + <usize>p * PANEL_BYTES, panelBytes, sBlock, sBytes, cBlock, cBytes);
        }
        sColumns = cColumns;
        sBytes = cBytes;
      }
    }
  }
}

/** A block of C: its rows by one panel after another. */
function block(
  rows: i32, n: i32, k: i32, a: usize, aBytes: usize, panel: usize, panelBytes: usize, s: usize, sBytes: usize, c: usize, cBytes: usize,
): void {
  for (let j = 0; j < n; j += PANEL) {
    const across = <usize>j << 2;
    panelTiles(rows, min(PANEL, n - j), k, a, aBytes, 4, 4 * aBytes, panel, s + across, sBytes, c + across, cBytes);
    panel += panelBytes;
  }
}

/** C += Aᵀ·B with A: [k, m] and B: [k, n]: a weight's gradient, summed over all rows. Both are packed block by block. */
export function multiplyTransposed(
  m: i32, n: i32, k: i32, a: Address, aStride: i32, b: Address, bStride: i32, c: Address, cStride: i32, scratch: Address,
): void {
  const aBytes = <usize>aStride << 2;
  const cBytes = <usize>cStride << 2;
  for (let first = 0; first < k; first += K_BLOCK) {
    const depth = min(K_BLOCK, k - first);
    const packedB = scratch + <u32>packedLeftLength(depth, min(m, LEFT_BLOCK));
    pack(depth, n, b + <u32>(first * bStride), bStride, false, packedB);
    for (let i = 0; i < m; i += LEFT_BLOCK) {
      const rows = min(LEFT_BLOCK, m - i);
      const cBlock = at(c) + <usize>i * cBytes;
      packLeft(depth, rows, at(a) + <usize>first * aBytes + (<usize>i << 2), aBytes, at(scratch));
      let panel = at(packedB);
      for (let j = 0; j < n; j += PANEL) {
        const out = cBlock + (<usize>j << 2);
        panelTiles(rows, min(PANEL, n - j), depth, at(scratch), 4, LEFT_STEP, <usize>depth << 4, panel, out, cBytes, out, cBytes);
        panel += <usize>depth * PANEL_BYTES;
      }
    }
  }
}
