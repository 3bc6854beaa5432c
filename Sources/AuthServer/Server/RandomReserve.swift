internal import Glibc

/// The kernel's random numbers, drawn many at a time: where there is a connection a login, a system call for each number
/// costs as much as parsing the login does.
struct RandomReserve: RandomNumberGenerator {
    /// getentropy(3) gives no more than 256 bytes at once.
    private static let size = 256 / MemoryLayout<UInt64>.size

    private var numbers: [UInt64] = []

    mutating func next() -> UInt64 {
        if let number = numbers.popLast() { return number }
        numbers = [UInt64](repeating: 0, count: Self.size)
        // The call fills the array and keeps no pointer.
        let status = unsafe numbers.withUnsafeMutableBytes { unsafe getentropy($0.baseAddress!, $0.count) }
        guard status == 0 else {
            // A number that can be guessed would be worse than one that comes slowly.
            numbers = []
            var generator = SystemRandomNumberGenerator()
            return generator.next()
        }
        return numbers.removeLast()
    }
}
