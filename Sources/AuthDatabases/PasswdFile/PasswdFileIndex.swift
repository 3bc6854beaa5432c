internal import CPlatform
internal import Secrets

/// Finds a user's line among a passwd-file's bytes: open addressing over one 32-bit slot for each user and a third of
/// one to spare.
///
/// A slot says where a line begins. The bits that a file of this size leaves over hold a part of the name's hash, so
/// that names which meet in the table seldom have to be compared in the file.
struct PasswdFileIndex: ~Copyable, Sendable {
    private var slots: SecretPages
    private let capacity: Int
    /// The low bits of a slot: where a line begins, plus one; 0 for a free slot.
    private let startMask: UInt32
    private let seed: UInt64

    /// - Parameters:
    ///   - users: at most so many are inserted.
    ///   - size: of the file, below 4 GiB.
    ///   - seed: random, so that nobody can choose names that collide.
    /// - Returns: nil if there is no memory for it.
    init?(users: Int, size: Int, seed: UInt64) {
        capacity = users + users / 3 + 16
        guard let slots = SecretPages(count: capacity * MemoryLayout<UInt32>.stride) else { return nil }
        self.slots = slots
        startMask = UInt32.max >> UInt32(truncatingIfNeeded: UInt32(truncatingIfNeeded: size).leadingZeroBitCount)
        self.seed = seed
    }

    /// Where the line of `name` begins.
    func line(of name: Span<UInt8>, in bytes: Span<UInt8>) -> Int? {
        line(of: name) { Self.isLine($0, of: name, in: bytes) }
    }

    /// Where the line of `name` begins, which `isLine` knows; it is asked in the order of ``add(_:lineAt:)``.
    func line(of name: Span<UInt8>, where isLine: (Int) -> Bool) -> Int? {
        // These never stand within a name; the one that is looked for may be anything.
        for index in name.indices where name[index] == UInt8(ascii: ":") || name[index] == UInt8(ascii: "\n") { return nil }
        let hash = Self.hash(name, seed)
        // The capacity is that of the memory, and every position is below it.
        return unsafe slots.withBytes { memory in
            let slots = unsafe memory.assumingMemoryBound(to: UInt32.self)
            let tag = tag(hash)
            var position = position(hash)
            while true {
                let slot = unsafe slots[position]
                guard slot != 0 else { return nil }
                if slot & ~startMask == tag, isLine(Int(slot & startMask) - 1) { return Int(slot & startMask) - 1 }
                position = position + 1 == capacity ? 0 : position + 1
            }
        }
    }

    /// What ``insert(_:_:lineAt:in:)`` needs to know of a name.
    ///
    /// Asked for some lines earlier than it is needed, the table's memory is there when it is: waiting for it would be
    /// half the time that a file of a million users takes.
    func prepare(_ name: Range<Int>, in bytes: Span<UInt8>) -> UInt64 {
        let hash = Self.hash(bytes.extracting(name), seed)
        // The position is below the capacity; nothing is read.
        unsafe slots.withBytes { memory in
            if let start = memory.baseAddress { unsafe gatepost_prefetch(start + position(hash) * MemoryLayout<UInt32>.stride) }
        }
        return hash
    }

    /// Notes the line that begins at `start` and whose name is `name`, prepared as `hash`; false if there is one of that
    /// name already.
    mutating func insert(_ name: Range<Int>, _ hash: UInt64, lineAt start: Int, in bytes: Span<UInt8>) -> Bool {
        let name = bytes.extracting(name)
        let (tag, capacity, startMask) = (tag(hash), capacity, startMask)
        var position = position(hash)
        // As above; the capacity leaves free slots.
        return unsafe slots.withMutableBytes { memory in
            let slots = unsafe memory.assumingMemoryBound(to: UInt32.self)
            while true {
                let slot = unsafe slots[position]
                guard slot != 0 else { break }
                if slot & ~startMask == tag, Self.isLine(Int(slot & startMask) - 1, of: name, in: bytes) { return false }
                position = position + 1 == capacity ? 0 : position + 1
            }
            unsafe slots[position] = tag | UInt32(start + 1)
            return true
        }
    }

    /// Notes the line that begins at `start`, whose name was prepared as `hash`, even if there is one of that name: it
    /// will be found behind that.
    mutating func add(_ hash: UInt64, lineAt start: Int) {
        let (tag, capacity) = (tag(hash), capacity)
        var position = position(hash)
        // As above.
        unsafe slots.withMutableBytes { memory in
            let slots = unsafe memory.assumingMemoryBound(to: UInt32.self)
            while unsafe slots[position] != 0 { position = position + 1 == capacity ? 0 : position + 1 }
            unsafe slots[position] = tag | UInt32(start + 1)
        }
    }

    private func position(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: ((hash & 0xffff_ffff) * UInt64(capacity)) >> 32)
    }

    private func tag(_ hash: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: hash >> 32) & ~startMask
    }

    /// Whether the line that begins at `start` is that of `name`, which has no colon and no line end.
    static func isLine(_ start: Int, of name: Span<UInt8>, in bytes: Span<UInt8>) -> Bool {
        guard bytes.hasBytes(name, at: start) else { return false }
        let end = start + name.count
        guard end < bytes.count else { return name[name.count - 1] != UInt8(ascii: "\r") }
        switch bytes[end] {
        case UInt8(ascii: ":"): return true
        // A carriage return before the line's end belongs to that end.
        case UInt8(ascii: "\n"): return name[name.count - 1] != UInt8(ascii: "\r")
        case UInt8(ascii: "\r"): return end + 1 == bytes.count || bytes[end + 1] == UInt8(ascii: "\n")
        default: return false
        }
    }

    /// Eight bytes at a time, by the two halves of products with numbers that nobody outside knows.
    static func hash(_ name: Span<UInt8>, _ seed: UInt64) -> UInt64 {
        var hash = seed ^ UInt64(truncatingIfNeeded: name.count)
        // Loads stay within the name's count.
        unsafe name.withUnsafeBytes { bytes in
            var offset = 0
            while offset + 8 <= bytes.count {
                let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                hash = fold(hash ^ word, seed)
                offset += 8
            }
            var rest: UInt64 = 0
            while offset < bytes.count {
                rest = unsafe rest << 8 | UInt64(bytes[offset])
                offset += 1
            }
            hash = fold(hash ^ rest, seed)
        }
        return fold(hash, 0x9e37_79b9_7f4a_7c15)
    }

    private static func fold(_ word: UInt64, _ seed: UInt64) -> UInt64 {
        // Odd, and with bits set in both halves.
        let product = word.multipliedFullWidth(by: seed | 0x8000_0000_8000_0001)
        return product.high ^ product.low
    }
}
