/// Paths as a configuration means them; text only, the disk is not asked.
enum ConfigurationPath {
    /// The path as seen from the directory of `file`, unless it is absolute already.
    static func absolute(_ path: String, relativeTo file: String) -> String {
        guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
        return String(file[...slash]) + path
    }

    /// The socket path in the base directory, unless it is absolute already; slashes at the end do not count.
    static func socket(_ name: String, baseDirectory: String) -> String {
        name.hasPrefix("/") ? name : "\(baseDirectory)/\(name)"
    }

    /// The path without slashes at its end; `/` stays.
    static func withoutTrailingSlashes(_ path: String) -> String {
        var path = path[...]
        while path.count > 1, path.last == "/" { path = path.dropLast() }
        return String(path)
    }
}
