/**
 * Philox 4x32-10, a random generator whose n-th block is a function of n and a key alone (Salmon et al. 2011, "Parallel random
 * numbers: as easy as 1, 2, 3"). Counter and key in, four words out.
 */
const MULTIPLIER_A: u64 = 0xd2511f53;
const MULTIPLIER_B: u64 = 0xcd9e8d57;
const WEYL_A: u32 = 0x9e3779b9;
const WEYL_B: u32 = 0xbb67ae85;

export function philox(c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32): v128 {
  for (let round = 0; round < 10; round++) {
    const a = MULTIPLIER_A * <u64>c0;
    const b = MULTIPLIER_B * <u64>c2;
    const next0 = <u32>(b >> 32) ^ c1 ^ k0;
    const next2 = <u32>(a >> 32) ^ c3 ^ k1;
    c1 = <u32>b;
    c3 = <u32>a;
    c0 = next0;
    c2 = next2;
    k0 += WEYL_A;
    k1 += WEYL_B;
  }
  return i32x4.replace_lane(i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(c0), 1, c1), 2, c2), 3, c3);
}
