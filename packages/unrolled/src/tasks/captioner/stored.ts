import type { JsonObject } from "../../files/json/object.js";
import type { ModelStore } from "../../files/store.js";
import { CELLS } from "../cell-name.js";
import { loadWeights, networkOf, readEpochs, readModelConfig, readTotals, UNITS, writeModelFiles } from "../model-files.js";
import { readSide, readWriter, readWriterTraining, sideConfig, sideFiles } from "../writing/stored.js";
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
  const { network, form, side, trainedWith, history } = model;
  await writeModelFiles(store, {
    format: FORMAT,
    task: "captioner",
    config: { trainedWith, input: form.toJson(), text: sideConfig(side) },
    json: { ...sideFiles("text", side), ...form.files },
    ...{ network, history },
    readme: describe(model),
  });
}

/** @throws {UnrolledError} `UNROLLED_FILE` or `UNROLLED_STATE_DICT`, as `Captioner.load`. */
export async function readCaptioner(store: ModelStore): Promise<CaptionerParts> {
  const { config, source: where } = await readModelConfig(store, "captioner", FORMAT);
  const trainedWith = readTrainedWith(config.object("trainedWith"), where);
  const form = await readForm(store, config.object("input"), trainedWith);
  const side = await readSide(store, "text", config.object("text"));
  const totals = readTotals(config);
  config.finish();
  const network = networkOf(where, () => captionerNetwork(trainedWith, form, side.size, trainedWith.seed));
  await loadWeights(store, network);
  return { network, form, side, trainedWith, history: { ...totals, epochs: await readEpochs(store) } };
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
    cell: trained.oneOf("cell", CELLS),
    ...readWriter(trained, where),
    ...readWriterTraining(trained, where),
    longestText: trained.integer("longestText", { min: 1 }),
  };
}

function readImage(image: JsonObject): ImageArchitecture {
  return {
    filters: image.array("filters", "integer", { minLength: 1, maxLength: MOST_CONVOLUTIONS, ...UNITS }),
    kernelSize: image.integer("kernelSize", { min: 1, max: MOST_KERNEL }),
    encoderLayers: image.integer("encoderLayers", { min: 0, max: MOST_LAYERS }),
  };
}
