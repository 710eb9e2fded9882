import { madd } from "../math/madd";
import { PANEL, PANEL_BYTES } from "./pack";
import { edge } from "./tile";

/** One row, all panels, four at a time: the matrix-vector path, whose lanes are outputs. C = S + a·B */
export function row(n: i32, k: i32, a: usize, packed: usize, s: usize, c: usize): void {
  const panelBytes = <usize>k * PANEL_BYTES;
  let j = 0;
  for (; j + 4 * PANEL <= n; j += 4 * PANEL) {
    let s0 = v128.load(s), s1 = v128.load(s, 16), s2 = v128.load(s, 32), s3 = v128.load(s, 48);
    let s4 = v128.load(s, 64), s5 = v128.load(s, 80), s6 = v128.load(s, 96), s7 = v128.load(s, 112);
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
    s += 4 * PANEL_BYTES;
    c += 4 * PANEL_BYTES;
    packed += 4 * panelBytes;
  }
  for (; j < n; j += PANEL) {
    edge(1, min(PANEL, n - j), k, a, 0, 4, packed, s, 0, c, 0);
    s += PANEL_BYTES;
    c += PANEL_BYTES;
    packed += panelBytes;
  }
}
