/// A server's challenge (RFC 2831 section 2.1.1), as a client needs it.
struct DigestMD5Challenge {
    let nonce: [UInt8]
    let realms: [[UInt8]]

    init(_ message: [UInt8]) throws(ClientMechanismFailure) {
        guard message.count <= MessageLimits.message, let directives = DigestDirectives(message) else {
            throw ClientMechanismFailure("the server's challenge is no list of directives")
        }
        func single(_ name: String) throws(ClientMechanismFailure) -> [UInt8]? {
            do throws(MechanismFailure) {
                return try directives.single(name)
            } catch {
                throw ClientMechanismFailure("the server's challenge has \(name) twice")
            }
        }
        guard let nonce = try single("nonce"), !nonce.isEmpty else {
            throw ClientMechanismFailure("the server's challenge has no nonce")
        }
        guard let algorithm = try single("algorithm"), algorithm == Array("md5-sess".utf8) else {
            throw ClientMechanismFailure("the server's challenge asks for another algorithm than md5-sess")
        }
        // A list of tokens; `auth` if it isn't there.
        if let offered = try single("qop") {
            let words = String(decoding: offered, as: UTF8.self).split { ", \t".contains($0) }
            guard words.contains("auth") else {
                throw ClientMechanismFailure("the server demands a security layer (qop)")
            }
        }
        if let charset = try single("charset"), charset != Array("utf-8".utf8) {
            throw ClientMechanismFailure("the server's challenge has a charset other than utf-8")
        }
        self.nonce = nonce
        realms = directives.values("realm")
    }
}
