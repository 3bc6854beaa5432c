/// What is asked of a scheme when a new password is hashed.
struct GenerationRequest {
    let scheme: PasswordScheme
    let user: String
    let parameters: HashingParameters

    /// The given salt, or random bytes from the system.
    func salt(count: Int) -> [UInt8] {
        if let salt = parameters.salt { return salt }
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// The given salt, or random characters of the alphabet that crypt(3) uses.
    func saltText(count: Int) -> [UInt8] {
        if let salt = parameters.salt { return salt }
        return salt(count: count).map { Self.alphabet[Int($0 & 63)] }
    }

    private static let alphabet = Array("./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// The rounds asked for, or the default, if they lie in `range`.
    func rounds(default standard: Int, in range: ClosedRange<Int>) throws(PasswordSchemeError) -> Int {
        let rounds = parameters.rounds ?? standard
        guard range ~= rounds else {
            throw PasswordSchemeError(.unsuitableParameter, scheme, "the rounds are outside what the scheme allows")
        }
        return rounds
    }
}
