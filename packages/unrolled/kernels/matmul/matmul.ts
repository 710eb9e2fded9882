/**
 * Matrix products on tiles of 4 rows x 8 columns: eight accumulators of four floats stay in registers while k runs.
 *
 * One order of summation: an element of a product is one accumulator that starts from what stands in C and takes k ascending,
 * on every path (whole tile, edge, single row), so that a result never depends on how rows or columns were cut.
 *
 *   C: [m, n]    A: [m, k]    packed B: [ceil(n / 8), k, 8], columns past n are zero
 */
import { Address, at } from "../math/address";
import { madd } from "../math/madd";
import { loadLanes, storeLanes } from "../math/lanes";

/** Columns of a panel of packed B. */
const PANEL: i32 = 8;
/** Rows of A that stay in the second-level cache while all panels pass by. */
const ROW_BLOCK: i32 = 64;
/** Steps of k that are packed at a time where the left matrix is transposed. */
const K_BLOCK: i32 = 256;
const PANEL_BYTES: usize = 32;
/** Bytes from one k to the next: in a row of A as it stands, and in a packed panel of four columns of Aᵀ. */
const A_STEP: usize = 4;
const LEFT_STEP: usize = 16;

export function packedLength(k: i32, n: i32): i32 {
  return k * ((n + PANEL - 1) & ~(PANEL - 1));
}

/** Packs B: [k, n] into panels; `transposed` says that the source holds it as [n, k], which is how weights are kept. */
export function pack(k: i32, n: i32, source: Address, stride: i32, transposed: bool, packed: Address): void {
  const rowBytes = <usize>stride << 2;
  let target = at(packed);
  for (let j = 0; j < n; j += PANEL) {
    const columns = min(PANEL, n - j);
    if (transposed) {
      packTransposedPanel(k, columns, at(source) + <usize>j * rowBytes, rowBytes, target);
    } else {
      packPanel(k, columns, at(source) + (<usize>j << 2), rowBytes, target);
    }
    target += <usize>k * PANEL_BYTES;
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

/** C += A·B, A row by row as it stands, B packed. */
export function multiplyPacked(
  m: i32, n: i32, k: i32, a: Address, aStride: i32, packed: Address, c: Address, cStride: i32,
): void {
  if (k == 0) return;
  const aBytes = <usize>aStride << 2;
  const cBytes = <usize>cStride << 2;
  const panelBytes = <usize>k * PANEL_BYTES;
  for (let first = 0; first < m; first += ROW_BLOCK) {
    const last = min(m, first + ROW_BLOCK);
    const aBlock = at(a) + <usize>first * aBytes;
    const cBlock = at(c) + <usize>first * cBytes;
    if (last - first == 1) {
      row(n, k, aBlock, at(packed), cBlock);
      continue;
    }
    let panel = at(packed);
    let j = 0;
    for (; j + PANEL <= n; j += PANEL, panel += panelBytes) {
      let rows = aBlock;
      let out = cBlock + (<usize>j << 2);
      let i = first;
      for (; i + 4 <= last; i += 4) {
        tile(4, k, rows, aBytes, A_STEP, panel, out, cBytes);
        rows += 4 * aBytes;
        out += 4 * cBytes;
      }
      if (i < last) tileRest(last - i, k, rows, aBytes, panel, out, cBytes);
    }
    if (j < n) {
      let rows = aBlock;
      let out = cBlock + (<usize>j << 2);
      for (let i = first; i < last; i++) {
        rowEdge(k, rows, A_STEP, panel, out, n - j);
        rows += aBytes;
        out += cBytes;
      }
    }
  }
}

/** The last one to three rows of a block. */
function tileRest(rows: i32, k: i32, a: usize, aBytes: usize, panel: usize, c: usize, cBytes: usize): void {
  tile(rows, k, a, aBytes, A_STEP, panel, c, cBytes);
}

/**
 * Up to four rows of A, `rowBytes` apart, whose next k is `stepBytes` further, by one panel. Rows that are missing repeat the first, and
 * write what it writes.
 */
// @ts-ignore: decorator
@inline function tile(
  rows: i32, k: i32, a: usize, rowBytes: usize, stepBytes: usize, panel: usize, c: usize, cBytes: usize,
): void {
  const c1 = rows > 1 ? c + cBytes : c;
  const c2 = rows > 2 ? c1 + cBytes : c;
  const c3 = rows > 3 ? c2 + cBytes : c;
  let a1 = rows > 1 ? a + rowBytes : a;
  let a2 = rows > 2 ? a1 + rowBytes : a;
  let a3 = rows > 3 ? a2 + rowBytes : a;
  let s00 = v128.load(c), s01 = v128.load(c, 16);
  let s10 = v128.load(c1), s11 = v128.load(c1, 16);
  let s20 = v128.load(c2), s21 = v128.load(c2, 16);
  let s30 = v128.load(c3), s31 = v128.load(c3, 16);
  const end = panel + <usize>k * PANEL_BYTES;
  do {
    const b0 = v128.load(panel), b1 = v128.load(panel, 16);
    const x0 = v128.load32_splat(a);
    s00 = madd(x0, b0, s00);
    s01 = madd(x0, b1, s01);
    const x1 = v128.load32_splat(a1);
    s10 = madd(x1, b0, s10);
    s11 = madd(x1, b1, s11);
    const x2 = v128.load32_splat(a2);
    s20 = madd(x2, b0, s20);
    s21 = madd(x2, b1, s21);
    const x3 = v128.load32_splat(a3);
    s30 = madd(x3, b0, s30);
    s31 = madd(x3, b1, s31);
    a += stepBytes;
    a1 += stepBytes;
    a2 += stepBytes;
    a3 += stepBytes;
    panel += PANEL_BYTES;
  } while (panel < end);
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}

/** One row, all panels, four at a time: the matrix-vector path, whose lanes are outputs. */
function row(n: i32, k: i32, a: usize, packed: usize, c: usize): void {
  const panelBytes = <usize>k * PANEL_BYTES;
  let j = 0;
  for (; j + 4 * PANEL <= n; j += 4 * PANEL) {
    let s0 = v128.load(c), s1 = v128.load(c, 16), s2 = v128.load(c, 32), s3 = v128.load(c, 48);
    let s4 = v128.load(c, 64), s5 = v128.load(c, 80), s6 = v128.load(c, 96), s7 = v128.load(c, 112);
    let p0 = packed;
    let p1 = p0 + panelBytes;
    let p2 = p1 + panelBytes;
    let p3 = p2 + panelBytes;
    const end = p1;
    let x = a;
    do {
      const xk = v128.load32_splat(x);
      s0 = madd(xk, v128.load(p0), s0);
      s1 = madd(xk, v128.load(p0, 16), s1);
      s2 = madd(xk, v128.load(p1), s2);
      s3 = madd(xk, v128.load(p1, 16), s3);
      s4 = madd(xk, v128.load(p2), s4);
      s5 = madd(xk, v128.load(p2, 16), s5);
      s6 = madd(xk, v128.load(p3), s6);
      s7 = madd(xk, v128.load(p3, 16), s7);
      x += 4;
      p0 += PANEL_BYTES;
      p1 += PANEL_BYTES;
      p2 += PANEL_BYTES;
      p3 += PANEL_BYTES;
    } while (p0 < end);
    v128.store(c, s0);
    v128.store(c, s1, 16);
    v128.store(c, s2, 32);
    v128.store(c, s3, 48);
    v128.store(c, s4, 64);
    v128.store(c, s5, 80);
    v128.store(c, s6, 96);
    v128.store(c, s7, 112);
    c += 4 * PANEL_BYTES;
    packed += 4 * panelBytes;
  }
  for (; j < n; j += PANEL) {
    rowEdge(k, a, A_STEP, packed, c, min(PANEL, n - j));
    c += PANEL_BYTES;
    packed += panelBytes;
  }
}

/** One row of A, whose next k is `stepBytes` further, by one panel, of which `columns` are written. */
function rowEdge(k: i32, a: usize, stepBytes: usize, panel: usize, c: usize, columns: i32): void {
  const low = min(4, columns);
  const high = columns - low;
  let s0 = loadLanes(c, low);
  let s1 = high > 0 ? loadLanes(c + 16, high) : f32x4.splat(0);
  const end = panel + <usize>k * PANEL_BYTES;
  do {
    const xk = v128.load32_splat(a);
    s0 = madd(xk, v128.load(panel), s0);
    s1 = madd(xk, v128.load(panel, 16), s1);
    a += stepBytes;
    panel += PANEL_BYTES;
  } while (panel < end);
  storeLanes(c, s0, low);
  if (high > 0) storeLanes(c + 16, s1, high);
}

/** Elements of scratch that `multiplyTransposed` needs. */
export function transposedScratchLength(m: i32, n: i32, k: i32): i32 {
  return min(k, K_BLOCK) * (((m + 3) & ~3) + ((n + PANEL - 1) & ~(PANEL - 1)));
}

/** C += Aᵀ·B with A: [k, m] and B: [k, n]: a weight's gradient, summed over all rows. Both are packed block by block of k. */
export function multiplyTransposed(
  m: i32, n: i32, k: i32, a: Address, aStride: i32, b: Address, bStride: i32, c: Address, cStride: i32, scratch: Address,
): void {
  const cBytes = <usize>cStride << 2;
  for (let first = 0; first < k; first += K_BLOCK) {
    const depth = min(K_BLOCK, k - first);
    const packedB = scratch + <u32>(depth * ((m + 3) & ~3));
    packLeft(depth, m, at(a) + ((<usize>first * <usize>aStride) << 2), <usize>aStride << 2, at(scratch));
    pack(depth, n, b + <u32>(first * bStride), bStride, false, packedB);
    let panel = at(packedB);
    for (let j = 0; j < n; j += PANEL) {
      const columns = min(PANEL, n - j);
      let left = at(scratch);
      let out = at(c) + (<usize>j << 2);
      for (let i = 0; i < m; i += 4) {
        if (columns == PANEL && i + 4 <= m) {
          tile(4, depth, left, 4, LEFT_STEP, panel, out, cBytes);
        } else {
          const rows = min(4, m - i);
          for (let r = 0; r < rows; r++) {
            rowEdge(depth, left + (<usize>r << 2), LEFT_STEP, panel, out + <usize>r * cBytes, columns);
          }
        }
        left += <usize>depth << 4;
        out += 4 * cBytes;
      }
      panel += <usize>depth * PANEL_BYTES;
    }
  }
}

/** A: [k, m] into panels of four columns: [ceil(m / 4), k, 4]. */
function packLeft(k: i32, m: i32, source: usize, rowBytes: usize, target: usize): void {
  const panelBytes = <usize>k << 4;
  for (let p = 0; p < k; p++) {
    let from = source + <usize>p * rowBytes;
    let to = target + (<usize>p << 4);
    let i = 0;
    for (; i + 4 <= m; i += 4) {
      v128.store(to, v128.load(from));
      from += 16;
      to += panelBytes;
    }
    if (i < m) v128.store(to, loadLanes(from, m - i));
  }
}
