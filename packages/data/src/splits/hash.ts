/** 32 bits that depend on all bits of both words (the finaliser of MurmurHash3, Appleby 2008, after each). */
export function mixed(word: number, key: number): number {
  return finalised(finalised(word) ^ Math.imul(key, 0x9e3779b1));
}

/** A text's 32 bits (FNV-1a over its UTF-16 units), mixed with a key. */
export function textHash(text: string, key: number): number {
  let hash = 0x811c9dc5;
  for (let k = 0; k < text.length; k += 1) hash = Math.imul(hash ^ text.charCodeAt(k), 0x01000193);
  return mixed(hash, key);
}

/** A seed of 53 bits as the 32 bits that hashes take. */
export function keyOf(seed: number): number {
  return mixed(seed >>> 0, Math.floor(seed / 2 ** 32));
}

function finalised(word: number): number {
  let bits = word ^ (word >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
