import ts from "typescript";

/**
 * What some modules export without a docstring: functions, classes, interfaces, types and values, and the public members of each. A member
 * that overrides or implements another has the docstring of that one; what is marked `@internal` needs none.
 *
 * @param {ts.Program} program
 * @param {readonly string[]} entries paths of the modules
 * @returns {string[]} sorted, where each is declared and its name: `packages/unrolled/src/layers/dense.ts:12 Dense.units`
 */
export function undocumented(program, entries) {
  const checker = program.getTypeChecker();
  /** @type {Map<string, string>} */
  const missing = new Map();
  for (const entry of entries) {
    const file = program.getSourceFile(entry);
    const module = file && checker.getSymbolAtLocation(file);
    if (!module) throw new Error(`${entry} is no module with exports`);
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const members = membersOf(checker, symbol).filter((member) => isPublic(checker, member));
      for (const part of isInternal(symbol) ? [] : [symbol, ...members]) {
        const place = placeOf(program, part);
        if (!place || missing.has(place) || part.getDocumentationComment(checker).length > 0) continue;
        missing.set(place, part === symbol ? exported.name : `${exported.name}.${part.name}`);
      }
    }
  }
  return Array.from(missing, ([place, name]) => `${place} ${name}`).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

/**
 * What instances of a class or interface have, what a class has itself, and what a type alias spells out.
 *
 * @param {ts.TypeChecker} checker
 * @param {ts.Symbol} symbol
 */
function membersOf(checker, symbol) {
  if (symbol.flags & ts.SymbolFlags.Class) {
    const { prototype: _, ...itself } = Object.fromEntries(
      checker.getPropertiesOfType(checker.getTypeOfSymbol(symbol)).map((member) => [member.name, member]),
    );
    return [...checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol)), ...Object.values(itself)];
  }
  if (symbol.flags & ts.SymbolFlags.Interface) return checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol));
  if (symbol.flags & ts.SymbolFlags.TypeAlias) {
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    const inside = (/** @type {ts.Symbol} */ member) =>
      member.declarations?.some((declaration) => symbol.declarations?.some((alias) => isWithin(declaration, alias)));
    return (type.isUnionOrIntersection() ? type.types : [type]).flatMap((each) =>
      checker.getPropertiesOfType(each).filter(inside),
    );
  }
  return [];
}

/**
 * @param {ts.Node} node
 * @param {ts.Node} outer
 */
function isWithin(node, outer) {
  return node.getSourceFile() === outer.getSourceFile() && node.pos >= outer.pos && node.end <= outer.end;
}

/**
 * @param {ts.TypeChecker} checker
 * @param {ts.Symbol} member
 */
function isPublic(checker, member) {
  const [declaration] = member.declarations ?? [];
  if (!declaration) return false;
  if (ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) return false;
  const name = ts.getNameOfDeclaration(declaration);
  return (
    !(name && ts.isPrivateIdentifier(name)) && !isInternal(member) && !overridesInternal(checker, member, declaration.parent)
  );
}

/**
 * Whether a member of a class is `@internal` where the class has it from.
 *
 * @param {ts.TypeChecker} checker
 * @param {ts.Symbol} member
 * @param {ts.Node} owner
 * @returns {boolean}
 */
function overridesInternal(checker, member, owner) {
  if (!ts.isClassLike(owner)) return false;
  return (owner.heritageClauses ?? [])
    .flatMap(({ types }) => types.map((type) => checker.getTypeAtLocation(type).getProperty(member.name)))
    .some((base) => {
      const [declaration] = base?.declarations ?? [];
      return base && declaration && (isInternal(base) || overridesInternal(checker, base, declaration.parent));
    });
}

/** @param {ts.Symbol} symbol */
function isInternal(symbol) {
  return symbol.getJsDocTags(undefined).some(({ name }) => name === "internal");
}

/**
 * File and line of what this repository declares; undefined for what comes from elsewhere.
 *
 * @param {ts.Program} program
 * @param {ts.Symbol} symbol
 */
function placeOf(program, symbol) {
  const [declaration] = symbol.declarations ?? [];
  const file = declaration?.getSourceFile();
  if (!declaration || !file || program.isSourceFileDefaultLibrary(file) || program.isSourceFileFromExternalLibrary(file))
    return undefined;
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(declaration.getStart()).line + 1}`;
}
