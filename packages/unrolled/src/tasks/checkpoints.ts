import { UnrolledError } from "../errors.js";
import { checksum } from "../files/checksum.js";
import type { ModelStore } from "../files/store.js";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "../training/checkpoint.js";

/** Two, written in turn, so that one is whole whatever happens to the other. */
const NAMES = ["checkpoint-0.safetensors", "checkpoint-1.safetensors"] as const;

/** What training depends on besides its position: by name, in words that can be compared and shown. */
export type TrainingIdentity = Readonly<Record<string, string>>;

/** A checkpoint as it was found. */
export interface FoundCheckpoint extends Checkpoint {
  readonly identity: TrainingIdentity;
  readonly place: 0 | 1;
}

/**
 * The newest whole checkpoint of a store; undefined where there is none.
 *
 * @param onNotice told where a damaged one was passed over
 * @throws {UnrolledError} `UNROLLED_FILE` where there are checkpoints and all are damaged.
 */
export async function newestCheckpoint(
  store: ModelStore,
  onNotice: (notice: string) => void,
): Promise<FoundCheckpoint | undefined> {
  const held = new Set(await store.list());
  const problems: string[] = [];
  const whole: FoundCheckpoint[] = [];
  for (const [place, name] of NAMES.entries()) {
    const bytes = held.has(name) ? await store.read(name) : undefined;
    if (!bytes) continue;
    try {
      const { about, ...checkpoint } = readCheckpoint(bytes, `${store.description}/${name}`);
      whole.push({ ...checkpoint, identity: about, place: place as 0 | 1 });
    } catch (error) {
      if (!(error instanceof UnrolledError)) throw error;
      problems.push(error.message);
    }
  }
  const [newest] = whole.sort((a, b) => b.position.step - a.position.step);
  if (!newest && problems.length > 0) {
    throw new UnrolledError(
      "UNROLLED_FILE",
      `no checkpoint can be read: ${problems.join(" ")} Train from the beginning instead.`,
    );
  }
  for (const problem of problems) onNotice(`${problem} Going on from the checkpoint of step ${newest?.position.step} instead.`);
  return newest;
}

/** Keeps the checkpoints of one training in a store. */
export class Checkpoints {
  readonly #store: ModelStore;
  readonly #identity: TrainingIdentity;
  #place: 0 | 1;
  #isFresh: boolean;

  /**
   * @param resumed the checkpoint that training goes on from; it stays until a newer one is whole
   * @throws {UnrolledError} `UNROLLED_VALUE` where it belongs to a training with other options or data.
   */
  constructor(store: ModelStore, identity: TrainingIdentity, resumed?: FoundCheckpoint) {
    this.#store = store;
    this.#identity = identity;
    this.#place = resumed?.place === 0 ? 1 : 0;
    this.#isFresh = resumed === undefined;
    if (resumed) this.#checkIdentity(resumed.identity);
  }

  /** Writes a checkpoint in the place of the older one; the first of a training that begins anew in both, over what stood there. */
  async save(checkpoint: Checkpoint): Promise<void> {
    const bytes = writeCheckpoint(checkpoint, this.#identity);
    const names = this.#isFresh ? NAMES : [NAMES[this.#place]];
    await this.#store.write(new Map(names.map((name) => [name, bytes])));
    this.#isFresh = false;
    this.#place = this.#place === 0 ? 1 : 0;
  }

  #checkIdentity(found: TrainingIdentity): void {
    const names = [...new Set([...Object.keys(this.#identity), ...Object.keys(found)])];
    const differing = names.filter((name) => found[name] !== this.#identity[name]);
    if (differing.length === 0) return;
    const list = differing.map((name) => `${name} was ${found[name] ?? "not set"}, now ${this.#identity[name] ?? "not set"}`);
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${this.#store.description}: the checkpoint belongs to another training: ${list.join("; ")}. ` +
        "Resume with what it was begun with, or train into another place.",
    );
  }
}

/** A short name for some data, that another content hardly has too. */
export function contentName(parts: readonly Int32Array[]): string {
  return checksum(parts.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)));
}
