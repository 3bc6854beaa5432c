internal import Glibc

/// Changes a passwd-file so that whoever reads it, at any instant and after any crash, sees the old file or the new
/// one, and no two edits lose one another.
///
/// A symbolic link is followed and stays; owner, group, mode and access list stay too. Other programs that rewrite the
/// file in one step are noticed; one that writes into it (an editor set to do so) may lose its change.
package struct PasswdFileEditor: Sendable {
    package let path: String

    /// Whether a missing file is made, readable for its owner only; otherwise it is an error.
    package let createsFile: Bool

    /// How long to wait for other edits.
    package let patience: Duration

    package init(path: String, createsFile: Bool = false, patience: Duration = .seconds(30)) {
        self.path = path
        self.createsFile = createsFile
        self.patience = patience
    }

    /// Whether the file could be edited as far as can be told without doing it: before somebody is asked for a password.
    package func check() throws(PasswdFileEditError) {
        let location = try FileLocation(following: path)
        // C strings that live for the calls.
        guard unsafe faccessat(location.directory.number, ".", W_OK | X_OK, AT_EACCESS) == 0 else {
            throw PasswdFileEditError(.createReplacement, location.path, error: errno)
        }
        guard let status = location.status() else {
            if createsFile { return }
            throw missing(location)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw PasswdFileEditError(.noRegularFile, "\(location.path) is not a regular file; name a passwd-file")
        }
        guard unsafe faccessat(location.directory.number, location.name, R_OK, AT_EACCESS) == 0 else {
            throw PasswdFileEditError(.open, location.path, error: errno)
        }
    }

    /// Applies `change` to the file's content and puts the result in its place.
    ///
    /// - Parameter change: may be called again, with newer content, if another program replaced the file meanwhile.
    /// - Returns: what `change` returned the last time.
    /// - Throws: ``PasswdFileEditError``; the file is as it was then.
    package func edit<Outcome>(
        _ change: (inout PasswdFileText) throws(PasswdFileEditError) -> Outcome
    ) throws(PasswdFileEditError) -> Outcome {
        let location = try FileLocation(following: path)
        let deadline = ContinuousClock.now + patience
        while true {
            if let file = try LockedFile.open(location, until: deadline) {
                if let outcome = try replace(file, at: location, change) { return outcome }
            } else {
                guard createsFile else { throw missing(location) }
                if let outcome = try create(at: location, change) { return outcome }
            }
            guard ContinuousClock.now < deadline else {
                throw PasswdFileEditError(
                    .locked,
                    "\(location.path) is changed by another program all the time; nothing was changed; end that program")
            }
        }
    }

    /// nil if the file was changed or replaced meanwhile.
    private func replace<Outcome>(
        _ file: borrowing LockedFile, at location: borrowing FileLocation,
        _ change: (inout PasswdFileText) throws(PasswdFileEditError) -> Outcome
    ) throws(PasswdFileEditError) -> Outcome? {
        var text = try file.read()
        defer { text.wipe() }
        let outcome = try change(&text)
        LeftoverFiles.remove(in: location)
        var replacement = try ReplacementFile.make(in: location)
        try replacement.adopt(file)
        try replacement.write(text.bytes)
        guard let present = location.status(), FileState(present) == FileState(file.status) else { return nil }
        try replacement.replace(location)
        return outcome
    }

    /// nil if somebody made the file meanwhile.
    private func create<Outcome>(
        at location: borrowing FileLocation,
        _ change: (inout PasswdFileText) throws(PasswdFileEditError) -> Outcome
    ) throws(PasswdFileEditError) -> Outcome? {
        var text = PasswdFileText([])
        defer { text.wipe() }
        let outcome = try change(&text)
        LeftoverFiles.remove(in: location)
        let replacement = try ReplacementFile.make(in: location)
        try replacement.write(text.bytes)
        return try replacement.create(location) ? outcome : nil
    }

    private func missing(_ location: borrowing FileLocation) -> PasswdFileEditError {
        PasswdFileEditError(.missingFile, "there is no file \(location.path); correct the path, or have it made with -c")
    }
}
