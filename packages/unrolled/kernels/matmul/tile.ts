import { madd } from "../math/madd";
import { loadLanes, storeLanes } from "../math/lanes";
import { PANEL, PANEL_BYTES } from "./pack";

/**
 * A tile of C: `rows` rows, `rowBytes` apart in A, whose next k is `stepBytes` further, by `panels` panels, `panelBytes` apart. Its
 * accumulators begin with a tile of S (C itself, or one row for all: `sBytes` 0) and stay in registers while k runs. `rows` (1 to 6)
 * and `panels` (1 or 2) are literals: what they rule out is gone after inlining.
 *
 * All accumulators are loaded first and stored last, each row's side by side, and nothing stands between: so V8 can make one
 * 256-bit operation of two neighbouring 128-bit ones (wide.ts).
 */
// @ts-ignore: decorator
@inline export function tile(
  rows: i32, panels: i32, k: i32, a: usize, rowBytes: usize, stepBytes: usize, panel: usize, panelBytes: usize,
  s: usize, sBytes: usize, c: usize, cBytes: usize,
): void {
  const zero = f32x4.splat(0);
  const s1 = s + sBytes, s2 = s1 + sBytes, s3 = s2 + sBytes, s4 = s3 + sBytes, s5 = s4 + sBytes;
  const c1 = c + cBytes, c2 = c1 + cBytes, c3 = c2 + cBytes, c4 = c3 + cBytes, c5 = c4 + cBytes;
  let a1 = a + rowBytes, a2 = a1 + rowBytes, a3 = a2 + rowBytes, a4 = a3 + rowBytes, a5 = a4 + rowBytes;
  let s00 = zero, s01 = zero, s02 = zero, s03 = zero;
  let s10 = zero, s11 = zero, s12 = zero, s13 = zero;
  let s20 = zero, s21 = zero, s22 = zero, s23 = zero;
  let s30 = zero, s31 = zero, s32 = zero, s33 = zero;
  let s40 = zero, s41 = zero, s42 = zero, s43 = zero;
  let s50 = zero, s51 = zero, s52 = zero, s53 = zero;
  s00 = v128.load(s);
  s01 = v128.load(s, 16);
  if (panels > 1) {
    s02 = v128.load(s, 32);
    s03 = v128.load(s, 48);
  }
  if (rows > 1) {
    s10 = v128.load(s1);
    s11 = v128.load(s1, 16);
    if (panels > 1) {
      s12 = v128.load(s1, 32);
      s13 = v128.load(s1, 48);
    }
  }
  if (rows > 2) {
    s20 = v128.load(s2);
    s21 = v128.load(s2, 16);
    if (panels > 1) {
      s22 = v128.load(s2, 32);
      s23 = v128.load(s2, 48);
    }
  }
  if (rows > 3) {
    s30 = v128.load(s3);
    s31 = v128.load(s3, 16);
    if (panels > 1) {
      s32 = v128.load(s3, 32);
      s33 = v128.load(s3, 48);
    }
  }
  if (rows > 4) {
    s40 = v128.load(s4);
    s41 = v128.load(s4, 16);
    if (panels > 1) {
      s42 = v128.load(s4, 32);
      s43 = v128.load(s4, 48);
    }
  }
  if (rows > 5) {
    s50 = v128.load(s5);
    s51 = v128.load(s5, 16);
    if (panels > 1) {
      s52 = v128.load(s5, 32);
      s53 = v128.load(s5, 48);
    }
  }
  const end = panel + <usize>k * PANEL_BYTES;
  let next = panel + panelBytes;
  do {
    const b0 = v128.load(panel), b1 = v128.load(panel, 16);
    let b2 = zero, b3 = zero;
    if (panels > 1) {
      b2 = v128.load(next);
      b3 = v128.load(next, 16);
    }
    const x0 = v128.load32_splat(a);
    s00 = madd(x0, b0, s00);
    s01 = madd(x0, b1, s01);
    if (panels > 1) {
      s02 = madd(x0, b2, s02);
      s03 = madd(x0, b3, s03);
    }
    a += stepBytes;
    if (rows > 1) {
      const x1 = v128.load32_splat(a1);
      s10 = madd(x1, b0, s10);
      s11 = madd(x1, b1, s11);
      if (panels > 1) {
        s12 = madd(x1, b2, s12);
        s13 = madd(x1, b3, s13);
      }
      a1 += stepBytes;
    }
    if (rows > 2) {
      const x2 = v128.load32_splat(a2);
      s20 = madd(x2, b0, s20);
      s21 = madd(x2, b1, s21);
      if (panels > 1) {
        s22 = madd(x2, b2, s22);
        s23 = madd(x2, b3, s23);
      }
      a2 += stepBytes;
    }
    if (rows > 3) {
      const x3 = v128.load32_splat(a3);
      s30 = madd(x3, b0, s30);
      s31 = madd(x3, b1, s31);
      if (panels > 1) {
        s32 = madd(x3, b2, s32);
        s33 = madd(x3, b3, s33);
      }
      a3 += stepBytes;
    }
    if (rows > 4) {
      const x4 = v128.load32_splat(a4);
      s40 = madd(x4, b0, s40);
      s41 = madd(x4, b1, s41);
      if (panels > 1) {
        s42 = madd(x4, b2, s42);
        s43 = madd(x4, b3, s43);
      }
      a4 += stepBytes;
    }
    if (rows > 5) {
      const x5 = v128.load32_splat(a5);
      s50 = madd(x5, b0, s50);
      s51 = madd(x5, b1, s51);
      if (panels > 1) {
        s52 = madd(x5, b2, s52);
        s53 = madd(x5, b3, s53);
      }
      a5 += stepBytes;
    }
    panel += PANEL_BYTES;
    next += PANEL_BYTES;
  } while (panel < end);
  v128.store(c, s00);
  v128.store(c, s01, 16);
  if (panels > 1) {
    v128.store(c, s02, 32);
    v128.store(c, s03, 48);
  }
  if (rows > 1) {
    v128.store(c1, s10);
    v128.store(c1, s11, 16);
    if (panels > 1) {
      v128.store(c1, s12, 32);
      v128.store(c1, s13, 48);
    }
  }
  if (rows > 2) {
    v128.store(c2, s20);
    v128.store(c2, s21, 16);
    if (panels > 1) {
      v128.store(c2, s22, 32);
      v128.store(c2, s23, 48);
    }
  }
  if (rows > 3) {
    v128.store(c3, s30);
    v128.store(c3, s31, 16);
    if (panels > 1) {
      v128.store(c3, s32, 32);
      v128.store(c3, s33, 48);
    }
  }
  if (rows > 4) {
    v128.store(c4, s40);
    v128.store(c4, s41, 16);
    if (panels > 1) {
      v128.store(c4, s42, 32);
      v128.store(c4, s43, 48);
    }
  }
  if (rows > 5) {
    v128.store(c5, s50);
    v128.store(c5, s51, 16);
    if (panels > 1) {
      v128.store(c5, s52, 32);
      v128.store(c5, s53, 48);
    }
  }
}

/**
 * What is left at the edges of C: one to four rows by one to eight columns of a panel. Rows that are missing repeat the first,
 * and write what it writes; columns that are missing are neither read nor written.
 */
export function edge(
  rows: i32, columns: i32, k: i32, a: usize, rowBytes: usize, stepBytes: usize, panel: usize, s: usize, sBytes: usize, c: usize, cBytes: usize,
): void {
  const low = min(4, columns);
  const high = columns - low;
  const c1 = rows > 1 ? c + cBytes : c;
  const c2 = rows > 2 ? c1 + cBytes : c;
  const c3 = rows > 3 ? c2 + cBytes : c;
  const s1 = rows > 1 ? s + sBytes : s;
  const s2 = rows > 2 ? s1 + sBytes : s;
  const s3 = rows > 3 ? s2 + sBytes : s;
  let a1 = rows > 1 ? a + rowBytes : a;
  let a2 = rows > 2 ? a1 + rowBytes : a;
  let a3 = rows > 3 ? a2 + rowBytes : a;
  const zero = f32x4.splat(0);
  let s00 = loadLanes(s, low), s01 = zero;
  let s10 = loadLanes(s1, low), s11 = zero;
  let s20 = loadLanes(s2, low), s21 = zero;
  let s30 = loadLanes(s3, low), s31 = zero;
  if (high > 0) {
    s01 = loadLanes(s + 16, high);
    s11 = loadLanes(s1 + 16, high);
    s21 = loadLanes(s2 + 16, high);
    s31 = loadLanes(s3 + 16, high);
  }
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
  storeLanes(c, s00, low);
  storeLanes(c1, s10, low);
  storeLanes(c2, s20, low);
  storeLanes(c3, s30, low);
  if (high > 0) {
    storeLanes(c + 16, s01, high);
    storeLanes(c1 + 16, s11, high);
    storeLanes(c2 + 16, s21, high);
    storeLanes(c3 + 16, s31, high);
  }
}

/** All `rows` rows by one panel, of which `columns` are written, four rows at a time, `groupBytes` apart in A. */
export function panelTiles(
  rows: i32, columns: i32, k: i32, a: usize, rowBytes: usize, stepBytes: usize, groupBytes: usize, panel: usize,
  s: usize, sBytes: usize, c: usize, cBytes: usize,
): void {
  let i = 0;
  if (columns == PANEL) {
    for (; i + 4 <= rows; i += 4) {
      tile(4, 1, k, a, rowBytes, stepBytes, panel, 0, s, sBytes, c, cBytes);
      a += groupBytes;
      s += 4 * sBytes;
      c += 4 * cBytes;
    }
  }
  for (; i < rows; i += 4) {
    edge(min(4, rows - i), columns, k, a, rowBytes, stepBytes, panel, s, sBytes, c, cBytes);
    a += groupBytes;
    s += 4 * sBytes;
    c += 4 * cBytes;
  }
}
