/** What a file is that was given in place of another, and what its owner can do about it. */
export interface FileKind {
  readonly what: string;
  readonly mend: string;
}

const fromPyTorch = "load it in PyTorch and save its state_dict with safetensors.torch.save_file";
const downloadAgain = "download the file itself";

/** Files that begin with fixed bytes, told apart by them. */
const signatures: readonly { readonly start: string; readonly kind: FileKind }[] = [
  {
    start: "version https://git-lfs",
    kind: { what: "a Git LFS pointer", mend: 'fetch the file it points to with "git lfs pull"' },
  },
  { start: "\x89HDF\r\n\x1a\n", kind: { what: "an HDF5 file, as Keras writes them", mend: "export its weights to safetensors" } },
  { start: "\x93NUMPY", kind: { what: "a NumPy array", mend: "save it with safetensors.numpy.save_file" } },
  { start: "GGUF", kind: { what: "a GGUF file", mend: "use the model's safetensors file" } },
  { start: "\x1f\x8b", kind: { what: "a gzip archive", mend: "unpack it first" } },
];

/** Pickles of protocol 2 and later: opcode PROTO and the protocol's number. What is older has no signature. */
const pickles = ["\x80\x02", "\x80\x03", "\x80\x04", "\x80\x05"];

/** How far into a file its kind is looked for, in bytes. */
const window = 4096;

/** Says what a file is by how it begins, or undefined. For error messages: nothing is read because of it. */
export function identifyFile(bytes: Uint8Array): FileKind | undefined {
  if (bytes.length === 0) return { what: "an empty file", mend: "copy or download it again" };
  const start = String.fromCharCode(...bytes.subarray(0, window));
  if (/^\0+$/.test(start)) return { what: "a file of zeros, as a crash can leave it", mend: "take a backup or an earlier save" };
  if (start.startsWith("PK\x03\x04")) return identifyZip(start);
  if (pickles.some((pickle) => start.startsWith(pickle)))
    return { what: "a Python pickle, which can run code and is never read", mend: fromPyTorch };
  const signature = signatures.find((each) => start.startsWith(each.start));
  if (signature !== undefined) return signature.kind;
  if (/^\s*<(!doctype html|html)/i.test(start))
    return { what: "an HTML page, perhaps of a failed download", mend: downloadAgain };
  if (/^\s*<\?xml/i.test(start)) return { what: "an XML file, perhaps of a failed download", mend: downloadAgain };
  if (/^\s*(\{\s*["}]|\[)/.test(start)) return { what: "a JSON file", mend: "give the file with the weights" };
  return undefined;
}

function identifyZip(start: string): FileKind {
  if (start.includes("data.pkl")) return { what: "a PyTorch checkpoint (a zip with a pickle inside)", mend: fromPyTorch };
  if (start.includes(".npy")) return { what: "a NumPy archive (.npz)", mend: "save its arrays with safetensors.numpy.save_file" };
  return { what: "a zip archive", mend: "unpack it first" };
}
