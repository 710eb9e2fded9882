/**
 * @typedef {{ version?: string, dev?: boolean, optional?: boolean, os?: string[], cpu?: string[], libc?: string[],
 *   optionalDependencies?: Record<string, string> }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lockfile
 */

/**
 * Adds the optional packages of other platforms that npm left out of a lockfile, as it does with those that it could not look up or
 * had no reason to install. Without them `npm ci` calls the lockfile out of date, and the tools lack their programs on those platforms.
 *
 * @param {Lockfile} lockfile
 * @returns {Lockfile} with packages in npm's order
 */
export function completeLockfile({ packages, ...rest }) {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {}, dev }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !isFound(packages, path, name))
      .map(
        ([name, version]) =>
          /** @type {const} */ ([`node_modules/${name}`, { version, ...(dev && { dev }), optional: true, ...platformOf(name) }]),
      ),
  );
  const all = [...Object.entries(packages), ...missing].sort(([a], [b]) => a.localeCompare(b, "en"));
  return { ...rest, packages: Object.fromEntries(all) };
}

/**
 * Whether a package finds another as Node looks for it: in its own `node_modules`, then in those further out.
 *
 * @param {Lockfile["packages"]} packages
 * @param {string} path
 * @param {string} name
 * @returns {boolean}
 */
function isFound(packages, path, name) {
  if (`${path}/node_modules/${name}`.replace(/^\//, "") in packages) return true;
  return path !== "" && isFound(packages, path.slice(0, Math.max(0, path.lastIndexOf("/node_modules/"))), name);
}

/**
 * What a platform's package is for, by its name: `@rollup/rollup-linux-x64-musl`.
 *
 * @param {string} name
 * @returns {Pick<LockedPackage, "os" | "cpu" | "libc">}
 */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = words.filter((word) => /^(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)$/.test(word));
  const cpu = words.filter((word) => /^(arm|arm64|ia32|loong64|mips64el|ppc64|riscv64|s390x|wasm32|x64)$/.test(word));
  const libc = words.flatMap((word) => (word.startsWith("musl") ? ["musl"] : word.startsWith("gnu") ? ["glibc"] : []));
  return { ...(cpu.length > 0 && { cpu }), ...(libc.length > 0 && { libc }), ...(os.length > 0 && { os }) };
}
