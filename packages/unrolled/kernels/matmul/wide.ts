/**
 * The same products for a V8 that makes one 256-bit operation of two neighbouring 128-bit ones
 * (`--experimental-wasm-revectorize`): tiles of up to 6 rows x 16 columns, two panels side by side. Without the pairing there
 * are too few registers for them.
 *
 * The order of summation is that of matmul.ts, so the results have the same bits.
 */
import { Address, at } from "../math/address";
import { K_BLOCK, LEFT_BLOCK, PANEL, PANEL_BYTES, evenDepth, pack, packedLeftLength } from "./pack";
import { row } from "./row";
import { panelTiles, tile } from "./tile";

/** Rows of a tile at most, and columns in a panel of packed Aᵀ. */
const HEIGHT: i32 = 6;
/** Bytes from one k to the next in such a panel. */
const LEFT_STEP: usize = 24;
/**
 * Rows and columns of C at a time, and rows of A that a panel meets before the next: so much of C, of A and the panels that they need fit into the
 * second-level cache together.
 */
const ROWS_AT_A_TIME: i32 = 288;
const COLUMNS_AT_A_TIME: i32 = 256;
const ROW_BLOCK: i32 = 96;

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
    // Blocks of nearly one height: 97 rows are 49 and 48, not 96 and a single one.
    const blocks = (rows + ROW_BLOCK - 1) / ROW_BLOCK;
    const blockRows = (rows + blocks - 1) / blocks;
    for (let j = 0; j < n; j += COLUMNS_AT_A_TIME) {
      const columns = min(COLUMNS_AT_A_TIME, n - j);
      const panels = at(packed) + <usize>(j / PANEL) * panelBytes;
      const cColumns = cFirst + (<usize>j << 2);
      let sColumns = sFirst + (<usize>j << 2);
      let sBytes = <usize>sStride << 2;
      for (let p = 0; p < k; p += depth) {
        const steps = min(depth, k - p);
        for (let i = 0; i < rows; i += blockRows) {
          const height = min(blockRows, rows - i), down = <usize>i;
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

/** A block of C: its rows by one pair of panels after another. */
function block(
  rows: i32, n: i32, k: i32, a: usize, aBytes: usize, panel: usize, panelBytes: usize, s: usize, sBytes: usize, c: usize, cBytes: usize,
): void {
  // Tiles of nearly one height: 25 rows are five of 5, not four of 6 and a single one.
  const count = (rows + HEIGHT - 1) / HEIGHT;
  const height = rows / count;
  const higher = rows - count * height;
  const lowFirst = <usize>(higher * (height + 1));
  const low = a + lowFirst * aBytes;
  let j = 0;
  for (; j + 2 * PANEL <= n; j += 2 * PANEL) {
    const start = s + (<usize>j << 2), out = c + (<usize>j << 2);
    const lowStart = start + lowFirst * sBytes, lowOut = out + lowFirst * cBytes;
    tiles(height + 1, higher, k, a, aBytes, 4, (height + 1) * aBytes, panel, panelBytes, start, sBytes, out, cBytes);
    tiles(height, count - higher, k, low, aBytes, 4, height * aBytes, panel, panelBytes, lowStart, sBytes, lowOut, cBytes);
    panel += 2 * panelBytes;
  }
  for (; j < n; j += PANEL) {
    const start = s + (<usize>j << 2), out = c + (<usize>j << 2);
    panelTiles(rows, min(PANEL, n - j), k, a, aBytes, 4, 4 * aBytes, panel, start, sBytes, out, cBytes);
    panel += panelBytes;
  }
}

/** `count` tiles of `height` rows, one below the other and `groupBytes` apart in A, by two panels. */
function tiles(
  height: i32, count: i32, k: i32, a: usize, rowBytes: usize, stepBytes: usize, groupBytes: usize, panel: usize, panelBytes: usize,
  s: usize, sBytes: usize, c: usize, cBytes: usize,
): void {
  switch (height) {
    case 6: return tiles6(count, k, a, rowBytes, stepBytes, groupBytes, panel, panelBytes, s, sBytes, c, cBytes);
    case 5: return tiles5(count, k, a, rowBytes, stepBytes, groupBytes, panel, panelBytes, s, sBytes, c, cBytes);
    case 4: return tiles4(count, k, a, rowBytes, stepBytes, groupBytes, panel, panelBytes, s, sBytes, c, cBytes);
    case 3: return tiles3(count, k, a, rowBytes, stepBytes, groupBytes, panel, panelBytes, s, sBytes, c, cBytes);
    case 2: return tiles2(count, k, a, rowBytes, stepBytes, groupBytes, panel, panelBytes, s, sBytes, c, cBytes);
    case 1: return tiles1(count, k, a, rowBytes, stepBytes, groupBytes, panel, panelBytes, s, sBytes, c, cBytes);
  }
}

// Functions of their own, so that only those in use are compiled for speed.
function tiles6(
  count: i32, k: i32, a: usize, rowBytes: usize, stepBytes: usize, groupBytes: usize, panel: usize, panelBytes: usize,
  s: usize, sBytes: usize, c: usize, cBytes: usize,
): void {
  for (; count > 0; count--, a += groupBytes, s += 6 * sBytes, c += 6 * cBytes) {
    tile(6, 2, k, a, rowBytes, stepBytes, panel, panelBytes, s, sBytes, c, cBytes);
  }
}
function tiles5(
  count: i32, k: i32, a: usize, rowBytes: usize, stepBytes: usize, groupBytes: usize, panel: usize, panelBytes: usize,
  s: usize, sBytes: usize, c: usize, cBytes: usize,
): void {
  for (; count > 0; count--, a += groupBytes, s += 5 * sBytes, c += 5 * cBytes) {
    tile(5, 2, k, a, rowBytes, stepBytes, panel, panelBytes, s, sBytes, c, cBytes);
  }
}
function tiles4(
  count: i32, k: i32, a: usize, rowBytes: usize, stepBytes: usize, groupBytes: usize, panel: usize, panelBytes: usize,
  s: usize, sBytes: usize, c: usize, cBytes: usize,
): void {
  for (; count > 0; count--, a += groupBytes, s += 4 * sBytes, c += 4 * cBytes) {
    tile(4, 2, k, a, rowBytes, stepBytes, panel, panelBytes, s, sBytes, c, cBytes);
  }
}
function tiles3(
  count: i32, k: i32, a: usize, rowBytes: usize, stepBytes: usize, groupBytes: usize, panel: usize, panelBytes: usize,
  s: usize, sBytes: usize, c: usize, cBytes: usize,
): void {
  for (; count > 0; count--, a += groupBytes, s += 3 * sBytes, c += 3 * cBytes) {
    tile(3, 2, k, a, rowBytes, stepBytes, panel, panelBytes, s, sBytes, c, cBytes);
  }
}
function tiles2(
  count: i32, k: i32, a: usize, rowBytes: usize, stepBytes: usize, groupBytes: usize, panel: usize, panelBytes: usize,
  s: usize, sBytes: usize, c: usize, cBytes: usize,
): void {
  for (; count > 0; count--, a += groupBytes, s += 2 * sBytes, c += 2 * cBytes) {
    tile(2, 2, k, a, rowBytes, stepBytes, panel, panelBytes, s, sBytes, c, cBytes);
  }
}
function tiles1(
  count: i32, k: i32, a: usize, rowBytes: usize, stepBytes: usize, groupBytes: usize, panel: usize, panelBytes: usize,
  s: usize, sBytes: usize, c: usize, cBytes: usize,
): void {
  for (; count > 0; count--, a += groupBytes, s += 1 * sBytes, c += 1 * cBytes) {
    tile(1, 2, k, a, rowBytes, stepBytes, panel, panelBytes, s, sBytes, c, cBytes);
  }
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
    const groupBytes = <usize>depth * LEFT_STEP;
    const panelBytes = <usize>depth * PANEL_BYTES;
    const left = at(scratch);
    pack(depth, n, b + <u32>(first * bStride), bStride, false, packedB);
    for (let i = 0; i < m; i += LEFT_BLOCK) {
      const rows = min(LEFT_BLOCK, m - i);
      const cBlock = at(c) + <usize>i * cBytes;
      packLeft(depth, rows, at(a) + <usize>first * aBytes + (<usize>i << 2), aBytes, left);
      const groups = rows / HEIGHT;
      const rest = rows - groups * HEIGHT;
      const restLeft = left + <usize>groups * groupBytes;
      const restOut = <usize>(groups * HEIGHT) * cBytes;
      let panel = at(packedB);
      let j = 0;
      for (; j + 2 * PANEL <= n; j += 2 * PANEL) {
        const out = cBlock + (<usize>j << 2);
        tiles(HEIGHT, groups, depth, left, 4, LEFT_STEP, groupBytes, panel, panelBytes, out, cBytes, out, cBytes);
        tiles(rest, 1, depth, restLeft, 4, LEFT_STEP, 0, panel, panelBytes, out + restOut, cBytes, out + restOut, cBytes);
        panel += 2 * panelBytes;
      }
      for (; j < n; j += PANEL) {
        let out = cBlock + (<usize>j << 2);
        let group = left;
        for (let row = 0; row < rows; row += HEIGHT) {
          panelTiles(min(HEIGHT, rows - row), min(PANEL, n - j), depth, group, 4, LEFT_STEP, 16, panel, out, cBytes, out, cBytes);
          group += groupBytes;
          out += HEIGHT * cBytes;
        }
        panel += panelBytes;
      }
    }
  }
}

/** A: [k, m] into panels of six columns: [ceil(m / 6), k, 6]. Four panels at once, as in pack.ts. */
function packLeft(k: i32, m: i32, source: usize, rowBytes: usize, target: usize): void {
  const panelBytes = <usize>k * LEFT_STEP;
  let i = 0;
  for (; i + 4 * HEIGHT <= m; i += 4 * HEIGHT) {
    let from = source;
    let to = target;
    for (let p = 0; p < k; p++) {
      packPair(from, to, panelBytes);
      packPair(from + 48, to + 2 * panelBytes, panelBytes);
      from += rowBytes;
      to += LEFT_STEP;
    }
    source += 96;
    target += 4 * panelBytes;
  }
  for (; i < m; i += HEIGHT) {
    const lanes = min(HEIGHT, m - i);
    let from = source;
    for (let to = target; to < target + panelBytes; to += LEFT_STEP, from += rowBytes) {
      for (let lane: usize = 0; lane < <usize>lanes; lane++) store<f32>(to + (lane << 2), load<f32>(from + (lane << 2)));
    }
    source += 24;
    target += panelBytes;
  }
}

/** Twelve columns of a row: six into each of two panels. */
// @ts-ignore: decorator
@inline function packPair(from: usize, to: usize, panelBytes: usize): void {
  const a0 = v128.load(from), a1 = v128.load(from, 16), a2 = v128.load(from, 32);
  v128.store(to, a0);
  v128.store64_lane(to, a1, 0, 16);
  v128.store64_lane(to + panelBytes, a1, 1);
  v128.store(to + panelBytes, a2, 8);
}
