import type { Heap } from "../heap.js";

/** Elements that B: [k, n] takes when packed. */
export function packedLength(_heap: Heap, k: number, n: number): number {
  return k * n;
}

/** Packs B: [k, n]; `transposed` says that the source holds it as [n, k]. Here packed means row by row. */
export function pack(
  heap: Heap,
  k: number,
  n: number,
  source: number,
  stride: number,
  transposed: boolean,
  packed: number,
): void {
  for (let p = 0; p < k; p++) {
    for (let j = 0; j < n; j++) {
      heap[packed + p * n + j] = heap[transposed ? source + j * stride + p : source + p * stride + j] as number;
    }
  }
}

/** C = S + A·B. C: [m, n], A: [m, k], B: [k, n] as `pack` left it, S: C itself, or one row that is every row's (`sStride` 0). */
export function multiplyPacked(
  heap: Heap,
  m: number,
  n: number,
  k: number,
  a: number,
  aStride: number,
  packed: number,
  s: number,
  sStride: number,
  c: number,
  cStride: number,
): void {
  for (let i = 0; i < m; i++) {
    heap.copyWithin(c + i * cStride, s + i * sStride, s + i * sStride + n);
    for (let p = 0; p < k; p++) {
      const x = heap[a + i * aStride + p] as number;
      for (let j = 0; j < n; j++) {
        (heap[c + i * cStride + j] as number) += x * (heap[packed + p * n + j] as number);
      }
    }
  }
}

/** Elements of scratch that `multiplyTransposed` needs. */
export function transposedScratchLength(_heap: Heap, _m: number, _n: number, _k: number): number {
  return 0;
}

/** C += Aᵀ·B. C: [m, n], A: [k, m], B: [k, n]. */
export function multiplyTransposed(
  heap: Heap,
  m: number,
  n: number,
  k: number,
  a: number,
  aStride: number,
  b: number,
  bStride: number,
  c: number,
  cStride: number,
  _scratch: number,
): void {
  for (let p = 0; p < k; p++) {
    for (let i = 0; i < m; i++) {
      const x = heap[a + p * aStride + i] as number;
      for (let j = 0; j < n; j++) {
        (heap[c + i * cStride + j] as number) += x * (heap[b + p * bStride + j] as number);
      }
    }
  }
}
