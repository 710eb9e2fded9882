/**
 * The same products for a V8 that makes one 256-bit operation of two neighbouring 128-bit ones
 * (`--experimental-wasm-revectorize`): tiles of up to 6 rows x 16 columns, two panels side by side. Without the pairing there
 * are too few registers for them.
 *
 * The order of summation is that of matmul.ts, so the results have the same bits.
 */
import { Address, at } from "../math/address";
import { K_BLOCK, LEFT_BLOCK, LEFT_STEP, PANEL, PANEL_BYTES, pack, packLeft, packedLeftLength } from "./pack";
import { row } from "./row";
import { panelTiles, tile } from "./tile";

/** Rows of a tile at most. */
const HEIGHT: i32 = 6;
/** Rows of A that stay in the second-level cache while all panels pass by. */
const ROW_BLOCK: i32 = 96;

/** C += A·B, A row by row as it stands, B packed. */
export function multiplyPacked(
  m: i32, n: i32, k: i32, a: Address, aStride: i32, packed: Address, c: Address, cStride: i32,
): void {
  if (k == 0) return;
  const aBytes = <usize>aStride << 2;
  const cBytes = <usize>cStride << 2;
  const panelBytes = <usize>k * PANEL_BYTES;
  for (let first = 0; first < m; first += ROW_BLOCK) {
    const rows = min(ROW_BLOCK, m - first);
    const aBlock = at(a) + <usize>first * aBytes;
    const cBlock = at(c) + <usize>first * cBytes;
    if (rows == 1) {
      row(n, k, aBlock, at(packed), cBlock);
      continue;
    }
    // Tiles of nearly one height: 25 rows are five of 5, not four of 6 and a single one.
    const count = (rows + HEIGHT - 1) / HEIGHT;
    const height = rows / count;
    const higher = rows - count * height;
    const lowFirst = <usize>(higher * (height + 1));
    let panel = at(packed);
    let j = 0;
    for (; j + 2 * PANEL <= n; j += 2 * PANEL) {
      const out = cBlock + (<usize>j << 2);
      tiles(height + 1, higher, k, aBlock, aBytes, panel, out, cBytes);
      tiles(height, count - higher, k, aBlock + lowFirst * aBytes, aBytes, panel, out + lowFirst * cBytes, cBytes);
      panel += 2 * panelBytes;
    }
    for (; j < n; j += PANEL) {
      panelTiles(rows, min(PANEL, n - j), k, aBlock, aBytes, 4, 4 * aBytes, panel, cBlock + (<usize>j << 2), cBytes);
      panel += panelBytes;
    }
  }
}

/** `count` tiles of `height` rows, one below the other, by two panels. */
function tiles(height: i32, count: i32, k: i32, a: usize, aBytes: usize, panel: usize, c: usize, cBytes: usize): void {
  switch (height) {
    case 6: return tiles6(count, k, a, aBytes, panel, c, cBytes);
    case 5: return tiles5(count, k, a, aBytes, panel, c, cBytes);
    case 4: return tiles4(count, k, a, aBytes, 4, 4 * aBytes, panel, c, cBytes);
    case 3: return tiles3(count, k, a, aBytes, panel, c, cBytes);
    case 2: return tiles2(count, k, a, aBytes, panel, c, cBytes);
  }
}

// Functions of their own, so that only those in use are compiled for speed.
function tiles6(count: i32, k: i32, a: usize, aBytes: usize, panel: usize, c: usize, cBytes: usize): void {
  for (; count > 0; count--, a += 6 * aBytes, c += 6 * cBytes) tile(6, 2, k, a, aBytes, 4, panel, c, cBytes);
}
function tiles5(count: i32, k: i32, a: usize, aBytes: usize, panel: usize, c: usize, cBytes: usize): void {
  for (; count > 0; count--, a += 5 * aBytes, c += 5 * cBytes) tile(5, 2, k, a, aBytes, 4, panel, c, cBytes);
}
function tiles4(
  count: i32, k: i32, a: usize, rowBytes: usize, stepBytes: usize, groupBytes: usize, panel: usize, c: usize, cBytes: usize,
): void {
  for (; count > 0; count--, a += groupBytes, c += 4 * cBytes) tile(4, 2, k, a, rowBytes, stepBytes, panel, c, cBytes);
}
function tiles3(count: i32, k: i32, a: usize, aBytes: usize, panel: usize, c: usize, cBytes: usize): void {
  for (; count > 0; count--, a += 3 * aBytes, c += 3 * cBytes) tile(3, 2, k, a, aBytes, 4, panel, c, cBytes);
}
function tiles2(count: i32, k: i32, a: usize, aBytes: usize, panel: usize, c: usize, cBytes: usize): void {
  for (; count > 0; count--, a += 2 * aBytes, c += 2 * cBytes) tile(2, 2, k, a, aBytes, 4, panel, c, cBytes);
}

/** C += Aᵀ·B with A: [k, m] and B: [k, n], both packed block by block. */
export function multiplyTransposed(
  m: i32, n: i32, k: i32, a: Address, aStride: i32, b: Address, bStride: i32, c: Address, cStride: i32, scratch: Address,
): void {
  const aBytes = <usize>aStride << 2;
  const cBytes = <usize>cStride << 2;
  for (let first = 0; first < k; first += K_BLOCK) {
    const depth = min(K_BLOCK, k - first);
    const packedB = scratch + <u32>packedLeftLength(depth, min(m, LEFT_BLOCK));
    const groupBytes = <usize>depth << 4;
    const panelBytes = <usize>depth * PANEL_BYTES;
    const left = at(scratch);
    pack(depth, n, b + <u32>(first * bStride), bStride, false, packedB);
    for (let i = 0; i < m; i += LEFT_BLOCK) {
      const rows = min(LEFT_BLOCK, m - i);
      const cBlock = at(c) + <usize>i * cBytes;
      packLeft(depth, rows, at(a) + <usize>first * aBytes + (<usize>i << 2), aBytes, left);
      const groups = rows >> 2;
      const rest = rows & 3;
      const restLeft = left + <usize>groups * groupBytes;
      const restOut = <usize>groups * 4 * cBytes;
      let panel = at(packedB);
      let j = 0;
      for (; j + 2 * PANEL <= n; j += 2 * PANEL) {
        const out = cBlock + (<usize>j << 2);
        tiles4(groups, depth, left, 4, LEFT_STEP, groupBytes, panel, out, cBytes);
        panelTiles(rest, PANEL, depth, restLeft, 4, LEFT_STEP, groupBytes, panel, out + restOut, cBytes);
        panelTiles(rest, PANEL, depth, restLeft, 4, LEFT_STEP, groupBytes, panel + panelBytes, out + restOut + 32, cBytes);
        panel += 2 * panelBytes;
      }
      for (; j < n; j += PANEL) {
        panelTiles(rows, min(PANEL, n - j), depth, left, 4, LEFT_STEP, groupBytes, panel, cBlock + (<usize>j << 2), cBytes);
        panel += panelBytes;
      }
    }
  }
}
