import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { dataError } from "../data-error.js";
import { systemFailure } from "../files/regular-file.js";
import { checkKnown } from "../options.js";
import type { Records, Row } from "../records/records.js";
import { IMAGE_OPTIONS, type ImageOptions, imageFile, imageReader, isImageName } from "./image-options.js";

/**
 * Opens a folder of PNG and JPEG pictures, in the order of their names, also in folders inside. The columns are `image`, `file` (the path inside the
 * folder), and, where there are folders inside, `label`: the folder a picture is in, null for those in none. The names are held, the pictures are not.
 * Hidden files are left out.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` for a folder without pictures, and, while reading, for a picture that can't be decoded.
 */
export async function openImages(folder: string, options: ImageOptions = {}): Promise<Records> {
  checkKnown("openImages", options, IMAGE_OPTIONS);
  const readImage = imageReader("openImages", options);
  const names = await fileNames(folder, "");
  const images = names.filter(isImageName);
  if (images.length === 0) throw dataError(folder, "has no PNG or JPEG picture in it; expected some, or folders of them.");
  const others = names.length - images.length;
  const notes =
    others === 0 ? [] : [`${folder}: left out ${others} ${others === 1 ? "file that is" : "files that are"} no PNG or JPEG.`];
  const hasLabels = images.some((name) => name.includes("/"));

  // kept, so that a picture that changes from one reading to the next is an error
  const files = images.map((name) => ({ name, file: imageFile(join(folder, name)) }));

  async function* rows(): AsyncGenerator<Row> {
    for (const { name, file } of files) {
      const image = await readImage(file);
      const end = name.lastIndexOf("/");
      yield { values: hasLabels ? [image, name, end < 0 ? null : name.slice(0, end)] : [image, name], place: file.path };
    }
  }
  return { format: "images", paths: [folder], columns: hasLabels ? ["image", "file", "label"] : ["image", "file"], notes, rows };
}

/** Paths inside the folder, with slashes, sorted by their UTF-16 units, so that the order is every system's. */
async function fileNames(folder: string, inside: string): Promise<string[]> {
  let entries: Awaited<ReturnType<typeof entriesOf>>;
  try {
    entries = await entriesOf(join(folder, inside));
  } catch (error) {
    throw systemFailure(join(folder, inside), error);
  }
  const names: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    const name = inside === "" ? entry.name : `${inside}/${entry.name}`;
    if (entry.isDirectory()) names.push(...(await fileNames(folder, name)));
    else names.push(name);
  }
  return names;
}

async function entriesOf(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
}
