import DovecotConfiguration

/// Makes configurations that a file could have brought about; the same for the same seed.
struct RandomConfiguration: RandomNumberGenerator {
    static let location = SourceLocation(file: "", line: 0)

    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func flag() -> Bool { Bool.random(using: &self) }

    private mutating func time(_ unit: Duration) -> Duration { unit * Int.random(in: 1...60_000, using: &self) }

    /// Text with everything that a quote, an escape, a comment or a variable could trip over.
    mutating func text() -> String {
        let pieces = [
            "a", "b", " ", "  ", "\t", "#", "\"", "'", "\\", "$", "$auth_debug", "$SET:x", "=", "{", "}", "<", "<<END",
            "é", "%u", "!include", "\\\"",
        ]
        return (0..<Int.random(in: 0...6, using: &self)).map { _ in pieces.randomElement(using: &self) ?? "" }.joined()
    }

    mutating func word() -> String {
        ["postfix", "root", "mail", "x-y", "no"].randomElement(using: &self) ?? "x"
    }

    mutating func configuration() -> AuthConfiguration {
        var result = AuthConfiguration()
        result.dialect = flag() ? .dovecot23 : .dovecot24
        if flag() { result.mechanisms = ["LOGIN", "PLAIN", "SCRAM-SHA-256"].shuffled(using: &self) }
        result.debugPasswords = flag()
        result.debug = flag() || result.debugPasswords
        result.verbose = flag() || result.debug
        if flag() { result.usernameCharacters = text() }
        if flag() { result.usernameTranslation = text() + "" }
        if !result.usernameTranslation.utf8.count.isMultiple(of: 2) { result.usernameTranslation += "z" }
        if flag() {
            let syntax: TemplateText.Syntax = result.dialect == .dovecot24 ? .dovecot24 : .dovecot23
            result.usernameFormat = TemplateText(text: "x" + text(), syntax: syntax)
        }
        if flag() { result.defaultRealm = text() }
        if flag() { result.failureDelay = time(.seconds(1)) }
        if flag() { result.logPath = "/" + text() }
        if flag() { result.infoLogPath = "/" + text() }
        if flag() { result.debugLogPath = "syslog" }
        if flag() { result.syslogFacility = "local3" }
        if flag() { result.logTimestamp = text() }
        if flag() { result.baseDirectory = "/srv/" + text() + "x" }
        if flag() { result.defaultInternalUser = "x" + text() }
        result.serviceUser = flag() ? word() : result.defaultInternalUser
        if flag() { result.serviceGroup = word() }
        if flag() { result.extraGroups = [word(), word()] }
        if flag() { result.internalFailureDelay = flag() ? .zero : time(.milliseconds(1)) }
        result.usesPenalty = flag()
        result.allowsCleartext = flag()
        if flag() { result.masterUserSeparator = text() }
        if flag() { result.verbosePasswords = PasswordLogging(.sha1, length: flag() ? 6 : nil) }
        if flag() { result.cacheSize = UInt64.random(in: 1024...1 << 40, using: &self) }
        if flag() { result.cacheTTL = time(.seconds(1)) }
        if flag() { result.cacheNegativeTTL = .zero }
        result.cacheVerifiesInWorker = flag()
        result.refusesNoLogin = flag()
        result.shadowExpires = flag()
        if flag() { result.firstValidUserID = Int.random(in: 0...99_999, using: &self) }
        if flag() { result.lastValidUserID = Int.random(in: 0...99_999, using: &self) }
        if flag() { result.firstValidGroupID = Int.random(in: 0...99_999, using: &self) }
        if flag() { result.lastValidGroupID = Int.random(in: 0...99_999, using: &self) }
        if flag() { result.loginCacheTTL = time(.milliseconds(1)) }
        if flag() { result.loginCacheSize = Int.random(in: 1...999, using: &self) }
        if flag() { result.clientLimit = Int.random(in: 1...99_999, using: &self) }
        if flag() { result.requestDeadline = time(.milliseconds(1)) }
        if flag() { result.handshakeTimeout = flag() ? .zero : time(.seconds(60)) }
        if flag() { result.exchangeTimeout = time(.milliseconds(500)) }
        if flag() { result.maximumRequestsInFlight = Int.random(in: 1...999, using: &self) }
        if flag() { result.scramIterations = Int.random(in: 4096...1_000_000, using: &self) }
        if flag() { result.hashThreads = Int.random(in: 1...999, using: &self) }
        if flag() { result.hashQueueLimit = Int.random(in: 1...999, using: &self) }
        result.passwordDatabases = (0..<Int.random(in: 0...6, using: &self)).map { number in
            passwordDatabase(number, result.dialect)
        }
        result.userDatabases = (0..<Int.random(in: 0...4, using: &self)).map { number in
            userDatabase(number, result.dialect)
        }
        // In the order of doveconf, so that reading does not change it.
        for name in ["/a/b", "/z z", "auth-userdb", "b-login", "sasl#1"] where flag() {
            result.listeners.append(listener(name, in: result.baseDirectory))
        }
        if flag() { result.protocols = [ownProtocol("imap", of: result)] }
        return result
    }

    private mutating func listener(_ name: String, in base: String) -> UnixListener {
        var listener = UnixListener(path: name.hasPrefix("/") ? name : "\(base)/\(name)", location: Self.location)
        listener.kind = UnixListener.Kind.allCases.randomElement(using: &self) ?? .client
        listener.mode = UInt32.random(in: 1...0o7777, using: &self)
        listener.user = flag() ? word() : nil
        listener.group = flag() ? word() : nil
        listener.greeting = flag() ? .connect : .version
        listener.temporaryFailure = UnixListener.TemporaryFailure.allCases.randomElement(using: &self) ?? .automatic
        return listener
    }

    /// What a section changes, and its databases before those outside.
    private mutating func ownProtocol(_ name: String, of outside: AuthConfiguration) -> ProtocolConfiguration {
        var own = outside
        own.defaultRealm = "own" + text()
        own.failureDelay = outside.failureDelay + .seconds(1)
        own.passwordDatabases.insert(passwordDatabase(100, own.dialect), at: 0)
        if flag() { own.userDatabases.insert(userDatabase(100, own.dialect), at: 0) }
        return ProtocolConfiguration(name: name, configuration: own)
    }
}
/// The configuration as if it came from nowhere, to compare two that came from different places.
func withoutLocations(_ configuration: AuthConfiguration) -> AuthConfiguration {
    var configuration = configuration
    for index in configuration.listeners.indices {
        configuration.listeners[index].location = RandomConfiguration.location
    }
    for index in configuration.passwordDatabases.indices {
        configuration.passwordDatabases[index].location = RandomConfiguration.location
        configuration.passwordDatabases[index].schemeLocation = nil
    }
    for index in configuration.userDatabases.indices {
        configuration.userDatabases[index].location = RandomConfiguration.location
    }
    for index in configuration.protocols.indices {
        configuration.protocols[index].configuration = withoutLocations(configuration.protocols[index].configuration)
    }
    return configuration
}

/// Where the dumps of two configurations part.
func firstDifference(_ left: AuthConfiguration, _ right: AuthConfiguration) -> String {
    func lines(_ configuration: AuthConfiguration) -> [Substring] {
        var text = ""
        dump(configuration, to: &text)
        return text.split(separator: "\n")
    }
    let pairs = zip(lines(left), lines(right))
    return pairs.first { $0 != $1 }.map { "\($0) is not \($1)" } ?? "one is longer"
}
