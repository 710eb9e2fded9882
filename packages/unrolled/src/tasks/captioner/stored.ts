import type { JsonObject } from "../../files/json/object.js";
import type { ModelStore } from "../../files/store.js";
import { loadWeights, networkOf, readEpochs, readModelConfig, readTotals, UNITS, writeModelFiles } from "../model-files.js";
import { readSide, readWriterTrainedWith, sideConfig, sideFiles } from "../writing/stored.js";
import { INPUT_NAMES } from "./examples.js";
import type { CaptionerForm } from "./forms/form.js";
import { ImageForm } from "./forms/image-form.js";
import { LabelForm } from "./forms/label-form.js";
import { SentenceForm } from "./forms/sentence-form.js";
import { VectorForm } from "./forms/vector-form.js";
import type { ImageArchitecture } from "./image-encoder.js";
import { describe } from "./model-readme.js";
import { captionerNetwork } from "./network.js";
import type { CaptionerParts, CaptionerTrainedWith } from "./parts.js";

/** The format of a saved model. It rises when a reader of the one before would misread it. */
const FORMAT = 1;
/** More than a picture can be halved. */
const MOST_CONVOLUTIONS = 16;
const MOST_LAYERS = 64;
const MOST_KERNEL = 255;

export async function writeCaptioner(store: ModelStore, model: CaptionerParts): Promise<void> {
  const { network, source, target, trainedWith, history } = model;
  await writeModelFiles(store, {
    format: FORMAT,
    task: "captioner",
    config: { trainedWith, input: source.toJson(), text: sideConfig(target) },
    json: { ...sideFiles("text", target), ...source.files },
    ...{ network, history },
    readme: describe(model),
  });
}

/** @throws {UnrolledError} `UNROLLED_FILE` or `UNROLLED_STATE_DICT`, as `Captioner.load`. */
export async function readCaptioner(store: ModelStore): Promise<CaptionerParts> {
  const { config, source: where } = await readModelConfig(store, "captioner", FORMAT);
  const trainedWith = readTrainedWith(config.object("trainedWith"), where);
  const source = await readForm(store, config.object("input"), trainedWith);
  const target = await readSide(store, "text", config.object("text"));
  const totals = readTotals(config);
  config.finish();
  const network = networkOf(where, () => captionerNetwork(trainedWith, { source, target }, trainedWith.seed));
  await loadWeights(store, network);
  return { network, source, target, trainedWith, history: { ...totals, epochs: await readEpochs(store) } };
}

async function readForm(store: ModelStore, fields: JsonObject, { input, image }: CaptionerTrainedWith): Promise<CaptionerForm> {
  switch (input) {
    case "image":
      return ImageForm.fromJson(fields, image as ImageArchitecture);
    case "vector":
      return VectorForm.fromJson(fields);
    case "label":
      return LabelForm.fromJson(fields);
    case "sentence":
      return await SentenceForm.fromFiles(store, fields);
  }
}

function readTrainedWith(trained: JsonObject, where: string): CaptionerTrainedWith {
  const input = trained.oneOf("input", INPUT_NAMES);
  return {
    input,
    ...(input === "image" ? { image: readImage(trained.object("image")) } : {}),
    ...readWriterTrainedWith(trained, where),
  };
}

function readImage(image: JsonObject): ImageArchitecture {
  return {
    filters: image.array("filters", "integer", { minLength: 1, maxLength: MOST_CONVOLUTIONS, ...UNITS }),
    kernelSize: image.integer("kernelSize", { min: 1, max: MOST_KERNEL }),
    encoderLayers: image.integer("encoderLayers", { min: 0, max: MOST_LAYERS }),
  };
}
