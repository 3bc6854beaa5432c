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
        bytes.append(contentsOf: head)
        bytes.append(decimal: connectionID)
        bytes.append("\nCOOKIE\t")
        bytes.append(addingCapacity: 32) { output in
            Self.append(cookie.high, to: &output)
            Self.append(cookie.low, to: &output)
        }
        bytes.append("\nDONE\n")
    }

    /// Sixteen hexadecimal digits.
    private static func append(_ number: UInt64, to output: inout OutputSpan<UInt8>) {
        var rest = number
        for _ in 0..<16 {
            let digit = UInt8(truncatingIfNeeded: rest >> 60)
            output.append(digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10))
            rest <<= 4
        }
    }
}
