/// The number by which a client tells its requests apart, 1 to 4 294 967 295, unique on one connection.
public struct RequestID: Hashable, Sendable, Comparable, CustomStringConvertible, ExpressibleByIntegerLiteral {
    public let number: UInt32

    public init(_ number: UInt32) {
        self.number = number
    }

    public init(integerLiteral value: UInt32) {
        number = value
    }

    public static func < (left: RequestID, right: RequestID) -> Bool { left.number < right.number }

    public var description: String { String(number) }
}
