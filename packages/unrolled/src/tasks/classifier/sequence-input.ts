import { paddedFeatures } from "../../data/padding.js";
import { UnrolledError } from "../../errors.js";
import type { JsonObject } from "../../files/json/object.js";
import { RunningMoments, type Scaling, scales } from "../running-moments.js";
import { type ClassifierInput, shown } from "./examples.js";
import type { EncodedInput, InputForm, InputPart, InputSurvey } from "./input-form.js";

/** Sequences of numbers, each variable less its mean in the training data, divided by its standard deviation there. */
export class SequenceInput implements InputForm {
  readonly name = "sequence";
  /** Whether a step is an array of its own. */
  readonly nested: boolean;
  readonly means: readonly number[];
  readonly deviations: readonly number[];

  constructor(nested: boolean, means: readonly number[], deviations: readonly number[]) {
    this.nested = nested;
    this.means = means;
    this.deviations = deviations;
  }

  /** @throws {UnrolledError} `UNROLLED_FILE` for what is none. */
  static fromJson(fields: JsonObject): SequenceInput {
    const nested = fields.boolean("nested");
    const means = fields.array("means", "number", { minLength: 1 });
    const size = { minLength: means.length, maxLength: means.length };
    return new SequenceInput(nested, means, fields.array("deviations", "number", { ...size, min: Number.MIN_VALUE }));
  }

  /** Numbers a step has. */
  get variables(): number {
    return this.means.length;
  }

  encode(input: ClassifierInput, where: string): Float32Array {
    const { means, deviations } = this;
    const values = valuesOf(input, where, this);
    return Float32Array.from(values, (value, place) => {
      const variable = place % means.length;
      return (value - (means[variable] as number)) / (deviations[variable] as number);
    });
  }

  lengthOf({ length }: EncodedInput): number {
    return length / this.variables;
  }

  batchOf(encoded: readonly EncodedInput[]) {
    return paddedFeatures(encoded, this.variables);
  }

  /** A step that is left out has every variable's mean. */
  partsOf(input: ClassifierInput, where: string): InputPart[] {
    const encoded = this.encode(input, where);
    const { variables } = this;
    return Array.from({ length: this.lengthOf(encoded) }, (_, step) => ({
      part: String(step),
      without: encoded.slice().fill(0, step * variables, (step + 1) * variables),
    }));
  }

  isMany(value: ClassifierInput | readonly ClassifierInput[]): value is readonly ClassifierInput[] {
    if (!Array.isArray(value)) return false;
    const [first] = value as readonly unknown[];
    return this.nested ? Array.isArray(first) && Array.isArray(first[0]) : first === undefined || Array.isArray(first);
  }

  toJson(): object {
    const { name, nested, means, deviations } = this;
    return { name, nested, means, deviations };
  }
}

/** Measures each variable of the training sequences. */
export class SequenceSurvey implements InputSurvey<SequenceInput> {
  readonly #scaling: Scaling;
  #nested = false;
  #moments: RunningMoments[] | undefined;

  constructor(scaling: Scaling) {
    this.#scaling = scaling;
  }

  add(input: ClassifierInput, where: string): void {
    const first = Array.isArray(input) ? (input[0] as unknown) : undefined;
    if (!this.#moments) {
      this.#nested = Array.isArray(first);
      this.#moments = Array.from({ length: Array.isArray(first) ? first.length : 1 }, () => new RunningMoments());
    }
    const variables = this.#moments.length;
    const values = valuesOf(input, where, { nested: this.#nested, variables });
    for (const [place, value] of values.entries()) this.#moments[place % variables]?.add(value);
  }

  finish(): SequenceInput {
    const moments = scales(
      this.#moments ?? [],
      this.#scaling,
      (this.#moments ?? []).map((_, place) => `variable ${place}`),
    );
    return new SequenceInput(
      this.#nested,
      moments.map(({ mean }) => mean),
      moments.map(({ deviation }) => deviation),
    );
  }
}

/** A sequence's numbers, step after step, checked. */
function valuesOf(
  input: ClassifierInput,
  where: string,
  { nested, variables }: { nested: boolean; variables: number },
): number[] {
  const step = nested ? `arrays of ${variables} numbers` : "numbers";
  const refuse = (what: string): never => {
    throw new UnrolledError("UNROLLED_DATA", `${where}: \`input\` must be an array of ${step}, at least one, received ${what}.`);
  };
  if (!Array.isArray(input)) return refuse(shown(input));
  if (input.length === 0 || variables === 0) return refuse("an empty array");
  const steps = input as readonly (number | readonly number[])[];
  const wrong = steps.findIndex((values) =>
    nested ? !Array.isArray(values) || values.length !== variables : Array.isArray(values),
  );
  if (wrong >= 0) return refuse(`${shown(steps[wrong])} at step ${wrong}`);
  const values = steps.flat() as number[];
  const broken = values.findIndex((value) => !Number.isFinite(value));
  if (broken < 0) return values;
  const variable = nested ? `, variable ${broken % variables}` : "";
  return refuse(`${shown(values[broken])} at step ${Math.floor(broken / variables)}${variable}; fill it, or leave the step out`);
}
