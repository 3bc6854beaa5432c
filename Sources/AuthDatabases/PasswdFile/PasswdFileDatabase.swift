public import PasswordSchemes
internal import Synchronization

/// Dovecot's passwd-file: `user:{SCHEME}hash:uid:gid:gecos:home:shell:extra fields`, one user a line.
///
/// A change of the file is seen by the next lookup, which waits for the new content, read off the event loop. Who asks
/// for provisional answers gets them from the old content for a moment longer, see
/// ``PasswordEntry/isProvisional``: while a large file is read again, and for the few milliseconds after a look at the
/// file if very many ask; Dovecot looks once a second.
///
/// A file that is missing or can't be read is an internal failure: its users are told to try again later, never that
/// their passwords are wrong, and nobody who was removed lives on in a copy in memory. Only a file that keeps changing
/// while it is read, or for which there is no memory, leaves the old content in force until it can be read.
public final class PasswdFileDatabase: Sendable {
    public let driver = "passwd-file"

    /// Where the file is.
    public let path: String
    let defaultScheme: PasswordScheme
    let usernameFormat: VariableTemplate?
    let fieldSyntax: VariableTemplate.Syntax
    let pool: BlockingPool
    let notify: @Sendable (String) -> Void
    let content = Mutex(Content())
    /// The tick of the kernel's clock in which the file was looked at often enough, and is as it was read.
    let quietTick = Atomic<Int64>(.min)
    /// The reading that is in force; 0 for none.
    let readingInForce = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - path: an absolute path.
    ///   - defaultScheme: of passwords that don't name theirs.
    ///   - usernameFormat: makes the name that is looked up from the name that logs in; nil to take it as it is.
    ///   - fieldSyntax: how variables in extra fields are written.
    ///   - pool: where the file is read.
    ///   - notify: gets what the admin should know, such as names that stand twice, for the log at level error.
    public init(
        path: String, defaultScheme: PasswordScheme = .crypt, usernameFormat: VariableTemplate? = nil,
        fieldSyntax: VariableTemplate.Syntax = .dovecot23, pool: BlockingPool,
        notify: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.path = path
        self.defaultScheme = defaultScheme
        // Usual, and no format at all.
        self.usernameFormat = usernameFormat == .user ? nil : usernameFormat
        self.fieldSyntax = fieldSyntax
        self.pool = pool
        self.notify = notify
    }
}
