/**
 * The beginning of an answer: some labels, as a node of the tree of all that were looked at, and how probable its alignments are.
 */
export class Prefix {
  readonly parent: Prefix | undefined;
  /** The last label; undefined at the root, which has none. */
  readonly label: number | undefined;
  /** The prefixes with one label more, by that label. */
  readonly children = new Map<number, Prefix>();
  /** log p of the alignments that end in a blank; of those that end in the last label; of all. */
  endingInBlank = Number.NEGATIVE_INFINITY;
  endingInLabel = Number.NEGATIVE_INFINITY;
  logProbability = Number.NEGATIVE_INFINITY;

  private constructor(parent?: Prefix, label?: number) {
    this.parent = parent;
    this.label = label;
  }

  /** No labels yet: where every search begins. */
  static root(): Prefix {
    return new Prefix().become(0, Number.NEGATIVE_INFINITY);
  }

  become(endingInBlank: number, endingInLabel: number): this {
    this.endingInBlank = endingInBlank;
    this.endingInLabel = endingInLabel;
    this.logProbability = logAdd(endingInBlank, endingInLabel);
    return this;
  }

  /** log p of the alignments that another label may follow: only a blank tells a label from the same one before. */
  before(label: number): number {
    return label === this.label ? this.endingInBlank : this.logProbability;
  }

  child(label: number): Prefix {
    const known = this.children.get(label);
    if (known) return known;
    const child = new Prefix(this, label);
    this.children.set(label, child);
    return child;
  }

  get labels(): number[] {
    const labels: number[] = [];
    for (let prefix: Prefix | undefined = this; prefix?.label !== undefined; prefix = prefix.parent) labels.push(prefix.label);
    return labels.reverse();
  }
}

/** log(eᵃ + eᵇ) */
export function logAdd(a: number, b: number): number {
  const highest = Math.max(a, b);
  return highest === Number.NEGATIVE_INFINITY ? highest : highest + Math.log1p(Math.exp(Math.min(a, b) - highest));
}
