/// A greeting of which only what is particular to a connection is still missing.
///
/// A server says the same at each connect but for CUID and COOKIE; this is worked out once.
public struct GreetingTemplate: Sendable {
    private let version: [UInt8]
    private let head: [UInt8]

    /// - Parameters:
    ///   - mechanisms: in the order of the configuration.
    ///   - serverProcessID: SPID.
    public init(
        version: ProtocolVersion = .current, mechanisms: [ServerGreeting.Mechanism], serverProcessID: UInt32
    ) {
        self.version = Array("VERSION\t\(version.major)\t\(version.minor)\n".utf8)
        var bytes: [UInt8] = []
        // MECH stands before SPID, or Postfix and Exim take the socket for a master's.
        for mechanism in mechanisms {
            bytes.append(contentsOf: "MECH\t\(mechanism.name)".utf8)
            for word in mechanism.flags.words { bytes.append(contentsOf: "\t\(word)".utf8) }
            bytes.append(UInt8(ascii: "\n"))
        }
        bytes.append(contentsOf: "SPID\t\(serverProcessID)\nCUID\t".utf8)
        head = bytes
    }

    /// Appends all lines of one connection.
    public func encode(connectionID: UInt32, cookie: ServerGreeting.Cookie, into bytes: inout [UInt8]) {
        encodeVersion(into: &bytes)
        encodeRest(connectionID: connectionID, cookie: cookie, into: &bytes)
    }

    /// Appends the line with which every greeting begins.
    public func encodeVersion(into bytes: inout [UInt8]) {
        bytes.append(contentsOf: version)
    }

    /// Appends what follows VERSION.
    public func encodeRest(connectionID: UInt32, cookie: ServerGreeting.Cookie, into bytes: inout [UInt8]) {
        bytes.reserveCapacity(bytes.count + head.count + 64)
        bytes.append(contentsOf: head)
        Self.appendDecimal(connectionID, to: &bytes)
        Self.append("\nCOOKIE\t", to: &bytes)
        for half in [cookie.high, cookie.low] {
            for shift in stride(from: 60, through: 0, by: -4) {
                let digit = UInt8(truncatingIfNeeded: half >> shift & 0xf)
                bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
        Self.append("\nDONE\n", to: &bytes)
    }

    private static func append(_ text: StaticString, to bytes: inout [UInt8]) {
        // A StaticString's bytes live as long as the program.
        text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    }

    private static func appendDecimal(_ number: UInt32, to bytes: inout [UInt8]) {
        var divisor: UInt32 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}
