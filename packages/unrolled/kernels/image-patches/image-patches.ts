/** Patches of images as rows, and back. reference.ts says what a geometry is. */
import { Address, at } from "../math/address";
import { loadLanes, storeLanes } from "../math/lanes";

/** patches[r] = what the window sees at output pixel first + r: for each of its rows one run of pixels, channels last. */
export function imagePatches(rows: i32, first: i32, size: i32, geometry: Address, x: Address, patches: Address): void {
  const height = part(geometry, 0), width = part(geometry, 1), channels = part(geometry, 2);
  const kernelHeight = part(geometry, 3), kernelWidth = part(geometry, 4);
  const strideY = part(geometry, 5), strideX = part(geometry, 6), top = part(geometry, 7), left = part(geometry, 8);
  const outHeight = part(geometry, 9), outWidth = part(geometry, 10);
  const run = kernelWidth * channels;
  const lineBytes = <usize>(width * channels) << 2;
  let outX = first % outWidth;
  let outY = first / outWidth % outHeight;
  let image = at(x) + (<usize>(first / outWidth / outHeight * height * width * channels) << 2);
  let patch = at(patches);
  for (let row = 0; row < rows; row++) {
    const firstX = outX * strideX - left, firstY = outY * strideY - top;
    const from = image + (<usize>((firstY * width + firstX) * channels) << 2);
    if (firstX >= 0 && firstX + kernelWidth <= width && firstY >= 0 && firstY + kernelHeight <= height) {
      copyRuns(kernelHeight, run, from, lineBytes, patch);
    } else {
      const before = min(max(-firstX, 0) * channels, run);
      const after = min(max(firstX + kernelWidth - width, 0) * channels, run - before);
      const seen = run - before - after;
      let line = from + (<usize>before << 2);
      for (let i = 0, target = patch; i < kernelHeight; i++, line += lineBytes, target += <usize>run << 2) {
        const y = firstY + i;
        memory.fill(target, 0, <usize>run << 2);
        if (y >= 0 && y < height && seen > 0) memory.copy(target + (<usize>before << 2), line, <usize>seen << 2);
      }
    }
    patch += <usize>size << 2;
    if (++outX == outWidth) {
      outX = 0;
      if (++outY == outHeight) {
        outY = 0;
        image += <usize>height * lineBytes;
      }
    }
  }
}

/** `count` runs, `stride` bytes from one to the next, become one stretch. A run's end is copied by a vector that overlaps the one before. */
// @ts-ignore: decorator
@inline function copyRuns(count: i32, run: i32, source: usize, stride: usize, target: usize): void {
  if (run < 4) {
    for (let i = 0; i < count; i++, source += stride) {
      for (let from = source, end = source + (<usize>run << 2); from < end; from += 4, target += 4) store<f32>(target, load<f32>(from));
    }
    return;
  }
  const bytes = <usize>run << 2;
  const last = bytes - 16;
  for (let i = 0; i < count; i++, source += stride, target += bytes) {
    let offset: usize = 0;
    for (; offset < last; offset += 16) v128.store(target + offset, v128.load(source + offset));
    v128.store(target + last, v128.load(source + last));
  }
}

/** dx += dPatches, each number where it came from, patch after patch. */
export function imagePatchesBackward(rows: i32, first: i32, size: i32, geometry: Address, dPatches: Address, dx: Address): void {
  const height = part(geometry, 0), width = part(geometry, 1), channels = part(geometry, 2);
  const kernelHeight = part(geometry, 3), kernelWidth = part(geometry, 4);
  const strideY = part(geometry, 5), strideX = part(geometry, 6), top = part(geometry, 7), left = part(geometry, 8);
  const outHeight = part(geometry, 9), outWidth = part(geometry, 10);
  const runBytes = <usize>(kernelWidth * channels) << 2;
  const lineBytes = <usize>(width * channels) << 2;
  let outX = first % outWidth;
  let outY = first / outWidth % outHeight;
  let image = at(dx) + (<usize>(first / outWidth / outHeight * height * width * channels) << 2);
  let patch = at(dPatches);
  for (let row = 0; row < rows; row++) {
    const firstX = outX * strideX - left, firstY = outY * strideY - top;
    const before = max(-firstX, 0);
    const seen = (min(kernelWidth, width - firstX) - before) * channels;
    const fromY = max(-firstY, 0), toY = min(kernelHeight, height - firstY);
    let slopes = patch + <usize>fromY * runBytes + (<usize>(before * channels) << 2);
    let target = image + (<usize>(((firstY + fromY) * width + firstX + before) * channels) << 2);
    for (let i = fromY; i < toY; i++, slopes += runBytes, target += lineBytes) if (seen > 0) add(seen, slopes, target);
    patch += <usize>size << 2;
    if (++outX == outWidth) {
      outX = 0;
      if (++outY == outHeight) {
        outY = 0;
        image += <usize>height * lineBytes;
      }
    }
  }
}

// @ts-ignore: decorator
@inline function part(geometry: Address, place: i32): i32 {
  return load<i32>(at(geometry + place));
}

// @ts-ignore: decorator
@inline function add(length: i32, from: usize, to: usize): void {
  for (const end = from + (<usize>(length & ~3) << 2); from < end; from += 16, to += 16) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
  }
  const rest = length & 3;
  if (rest) storeLanes(to, f32x4.add(loadLanes(to, rest), loadLanes(from, rest)), rest);
}
