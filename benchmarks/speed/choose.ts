import { UsageError } from "../command-line.js";
import { type Case, cases } from "./cases.js";
import { takesPart } from "./measure.js";
import { type PeerEntry, peers } from "./peers/registry.js";
import { modes, workload } from "./workload.js";

/**
 * The peers named, or, where none is, those that the machine has; the others are named on standard error with the way to get
 * them.
 */
export function choosePeers(given: readonly string[] | undefined): readonly PeerEntry[] {
  const names = peers.map(({ name }) => name);
  const unknown = given?.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`--peer must be one of ${names.join(", ")}, received ${JSON.stringify(unknown)}.`);
  }
  return peers
    .filter(({ name }) => given === undefined || given.includes(name))
    .filter(({ name, title, missing }) => {
      const reason = missing();
      if (reason === undefined) return true;
      if (given !== undefined) throw new UsageError(`--peer ${name}: ${reason}.`);
      process.stderr.write(`skipped ${title}: ${reason}\n`);
      return false;
    });
}

/** The same for a benchmark of training alone. */
export function chooseTrainers(given: readonly string[] | undefined): readonly PeerEntry[] {
  const idle = peers.find(({ name, does }) => given?.includes(name) && does.train === undefined);
  if (idle) throw new UsageError(`--peer ${idle.name}: ${idle.title} doesn't train.`);
  return choosePeers(given).filter(({ does }) => does.train !== undefined);
}

/**
 * The cases with these words in their name, in these modes, that a peer named takes part in; all where nothing is given. Words that are a
 * workload's whole name are a case of their own, trained and inferred.
 */
export function chooseCases(
  words: readonly string[] | undefined,
  givenModes: readonly string[] | undefined,
  named: readonly PeerEntry[] | undefined,
): readonly Case[] {
  const unknown = givenModes?.find((given) => !modes.some((mode) => mode === given));
  if (unknown !== undefined) {
    throw new UsageError(`--mode must be one of ${modes.join(", ")}, received ${JSON.stringify(unknown)}.`);
  }
  const wanted = words === undefined ? cases : [...new Set(words.flatMap(matchingCases))];
  const chosen = wanted
    .filter(({ mode }) => givenModes === undefined || givenModes.includes(mode))
    .filter((each) => named === undefined || named.some((peer) => takesPart(peer, each)));
  if (chosen.length > 0) return chosen;
  throw new UsageError("no case is left: none fits --case, --mode and --peer at once.");
}

function matchingCases(words: string): Case[] {
  const wanted = words.toUpperCase().split(/\s+/).filter(Boolean);
  const matching = cases.filter(({ workload: { name } }) => wanted.every((word) => name.split(" ").includes(word)));
  if (matching.length > 0) return matching;
  if (["B", "T", "H"].every((letter) => wanted.some((word) => word.startsWith(letter)))) return ownCases(wanted.join(" "));
  const names = [...new Set(cases.map(({ workload: { name } }) => name))];
  throw new UsageError(
    `--case ${JSON.stringify(words)} fits none of ${names.join(", ")}, and is no name of that kind with sizes of its own.`,
  );
}

function ownCases(name: string): Case[] {
  try {
    const own = workload(name);
    return [
      { workload: own, mode: "train" },
      { workload: own, mode: "infer" },
    ];
  } catch (error) {
    throw new UsageError(`--case: ${error instanceof Error ? error.message : error}`);
  }
}
