/**
 * How a product's sides are laid out for its tiles.
 *
 *   packed B: [ceil(n / 8), k, 8], columns past n are zero    packed Aᵀ: [ceil(m / 4), k, 4], or by 6 in the wide build
 */
import { Address, at } from "../math/address";
import { loadLanes } from "../math/lanes";

/** Columns of a panel of packed B. */
export const PANEL: i32 = 8;
export const PANEL_BYTES: usize = 32;
/** Bytes from one k to the next in a panel of packed Aᵀ. */
export const LEFT_STEP: usize = 16;
/** Steps of k at a time: so long, two panels and the rows of a tile stay in the first-level cache. */
export const K_BLOCK: i32 = 256;
/** Columns of a transposed left matrix that are packed at a time: with the rows of B they fit into the second-level cache. */
export const LEFT_BLOCK: i32 = 96;

/** Rows of B that all panels take their columns of before the next: a panel alone would meet each cache line when it is long gone. */
const PACKED_ROWS: i32 = 32;

/** Steps of k at a time, in blocks of nearly one length. */
export function evenDepth(k: i32): i32 {
  const blocks = (k + K_BLOCK - 1) / K_BLOCK;
  return (k + blocks - 1) / blocks;
}

export function packedLength(k: i32, n: i32): i32 {
  return k * ((n + PANEL - 1) & ~(PANEL - 1));
}

/** Elements of scratch that `multiplyTransposed` needs. */
export function transposedScratchLength(m: i32, n: i32, k: i32): i32 {
  const depth = min(k, K_BLOCK);
  return packedLeftLength(depth, min(m, LEFT_BLOCK)) + packedLength(depth, n);
}

/** Packs B: [k, n] into panels; `transposed` says that the source holds it as [n, k], which is how weights are kept. */
export function pack(k: i32, n: i32, source: Address, stride: i32, transposed: bool, packed: Address): void {
  const rowBytes = <usize>stride << 2;
  const panelBytes = <usize>k * PANEL_BYTES;
  if (transposed) {
    let target = at(packed);
    for (let j = 0; j < n; j += PANEL, target += panelBytes) {
      packTransposedPanel(k, min(PANEL, n - j), at(source) + <usize>j * rowBytes, rowBytes, target);
    }
    return;
  }
  for (let p = 0; p < k; p += PACKED_ROWS) {
    const rows = min(PACKED_ROWS, k - p);
    const from = at(source) + <usize>p * rowBytes;
    let target = at(packed) + <usize>p * PANEL_BYTES;
    for (let j = 0; j < n; j += PANEL, target += panelBytes) packPanel(rows, min(PANEL, n - j), from + (<usize>j << 2), rowBytes, target);
  }
}

function packPanel(k: i32, columns: i32, source: usize, rowBytes: usize, target: usize): void {
  const end = target + <usize>k * PANEL_BYTES;
  if (columns == PANEL) {
    for (; target < end; target += PANEL_BYTES, source += rowBytes) {
      v128.store(target, v128.load(source));
      v128.store(target, v128.load(source, 16), 16);
    }
    return;
  }
  for (; target < end; target += PANEL_BYTES, source += rowBytes) {
    v128.store(target, loadLanes(source, min(4, columns)));
    v128.store(target, columns > 4 ? loadLanes(source + 16, columns - 4) : f32x4.splat(0), 16);
  }
}

function packTransposedPanel(k: i32, columns: i32, source: usize, rowBytes: usize, target: usize): void {
  let p = 0;
  if (columns == PANEL) {
    for (; p + 4 <= k; p += 4) {
      transpose4(source, rowBytes, target);
      transpose4(source + 4 * rowBytes, rowBytes, target + 16);
      source += 16;
      target += 4 * PANEL_BYTES;
    }
  }
  for (; p < k; p++) {
    for (let column = 0; column < PANEL; column++) {
      const value = column < columns ? load<f32>(source + <usize>column * rowBytes) : <f32>0;
      store<f32>(target + (<usize>column << 2), value);
    }
    source += 4;
    target += PANEL_BYTES;
  }
}

/** Four rows of four floats become four columns, a panel's row apart. */
// @ts-ignore: decorator
@inline function transpose4(source: usize, rowBytes: usize, target: usize): void {
  const r0 = v128.load(source);
  const r1 = v128.load(source + rowBytes);
  const r2 = v128.load(source + 2 * rowBytes);
  const r3 = v128.load(source + 3 * rowBytes);
  const low01 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
  const high01 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
  const high23 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
  v128.store(target, v128.shuffle<i64>(low01, low23, 0, 2));
  v128.store(target, v128.shuffle<i64>(low01, low23, 1, 3), 32);
  v128.store(target, v128.shuffle<i64>(high01, high23, 0, 2), 64);
  v128.store(target, v128.shuffle<i64>(high01, high23, 1, 3), 96);
}

/** Enough for panels of 4 columns and for those of 6. */
export function packedLeftLength(k: i32, m: i32): i32 {
  return k * ((m + 11) / 12 * 12);
}

/**
 * A: [k, m] into panels of four columns: [ceil(m / 4), k, 4]. Four panels at once, a cache line of each row, because rows often
 * lie a power of two apart, where lines that are met again later are gone from the cache by then.
 */
export function packLeft(k: i32, m: i32, source: usize, rowBytes: usize, target: usize): void {
  const panelBytes = <usize>k << 4;
  let i = 0;
  for (; i + 16 <= m; i += 16) {
    let from = source;
    let to = target;
    for (let p = 0; p < k; p++) {
      const a0 = v128.load(from), a1 = v128.load(from, 16), a2 = v128.load(from, 32), a3 = v128.load(from, 48);
      v128.store(to, a0);
      v128.store(to + panelBytes, a1);
      v128.store(to + 2 * panelBytes, a2);
      v128.store(to + 3 * panelBytes, a3);
      from += rowBytes;
      to += LEFT_STEP;
    }
    source += 64;
    target += 4 * panelBytes;
  }
  for (; i < m; i += 4) {
    const lanes = min(4, m - i);
    let from = source;
    for (let to = target; to < target + panelBytes; to += LEFT_STEP, from += rowBytes) v128.store(to, loadLanes(from, lanes));
    source += 16;
    target += panelBytes;
  }
}
