internal import CArgon2
internal import Encodings
internal import Secrets

/// The front part of an Argon2 hash: `$argon2id$v=19$m=65536,t=3,p=1$salt$hash`.
struct Argon2Parameters: Sendable, Hashable {
    enum Variant: Sendable, Hashable {
        case i, id

        var name: String {
            switch self {
            case .i: "argon2i"
            case .id: "argon2id"
            }
        }
    }

    var variant: Variant
    var version: UInt32
    /// KiB.
    var memory: UInt32
    var passes: UInt32
    var lanes: UInt32

    var cost: HashingCost {
        HashingCost(
            units: Double(memory) * Double(passes), nanoseconds: 700, memory: Double(memory) * 1024)
    }

    /// `$argon2id$v=19$m=65536,t=3,p=1$`
    var text: String { "$\(variant.name)$v=\(version)$m=\(memory),t=\(passes),p=\(lanes)$" }
}

extension Argon2Parameters {
    /// Reads the parameters; `end` is where the salt begins.
    init?(parsing text: Span<UInt8>, end: inout Int) {
        var cursor = 0
        if text.starts(with: "$argon2id$") {
            variant = .id
            cursor = 10
        } else if text.starts(with: "$argon2i$") {
            variant = .i
            cursor = 9
        } else {
            return nil
        }
        // Hashes from before version 1.3 name no version.
        let named = Self.number(text, at: &cursor, after: "v=", until: UInt8(ascii: "$"))
        version = named ?? ARGON2_VERSION_10.rawValue
        guard
            version == ARGON2_VERSION_10.rawValue || version == ARGON2_VERSION_13.rawValue,
            let memory = Self.number(text, at: &cursor, after: "m=", until: UInt8(ascii: ",")),
            let passes = Self.number(text, at: &cursor, after: "t=", until: UInt8(ascii: ",")),
            let lanes = Self.number(text, at: &cursor, after: "p=", until: UInt8(ascii: "$")),
            passes >= 1, 1...0xff_ffff ~= lanes, memory >= lanes * 8
        else { return nil }
        self.memory = memory
        self.passes = passes
        self.lanes = lanes
        end = cursor
    }

    /// The number behind `label`; moves `cursor` behind `delimiter`, or leaves it if the label is not there.
    private static func number(
        _ text: Span<UInt8>, at cursor: inout Int, after label: String, until delimiter: UInt8
    ) -> UInt32? {
        guard cursor <= text.count, text.extracting(cursor..<text.count).starts(with: label) else { return nil }
        let start = cursor + label.utf8.count
        guard let end = text.firstIndex(of: delimiter, from: start),
            let number = text.extracting(start..<end).decimal
        else { return nil }
        cursor = end + 1
        return UInt32(exactly: number)
    }
}
