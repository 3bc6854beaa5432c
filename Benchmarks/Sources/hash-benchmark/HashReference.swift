import HashReferences
import HashRunning
import PasswordSchemes
import Secrets

/// The bare C function set to work on one stored password, with the memory that it reads.
@safe
final class HashReference {
    /// What goes where the scheme hashes more than the password, and what comes out.
    struct Input {
        var function: hash_function
        var front: [UInt8] = []
        var salt: [UInt8] = []
        var rounds = 0
        var expected: [UInt8] = []
        var text = ""
    }

    // Owned by this object, and filled once.
    private let reference: UnsafeMutablePointer<hash_reference>
    private var blocks: [UnsafeMutablePointer<UInt8>] = unsafe []

    init(password: [UInt8], _ input: Input) {
        unsafe reference = .allocate(capacity: 1)
        unsafe reference.initialize(to: hash_reference())
        unsafe reference.pointee.function = input.function
        unsafe reference.pointee.rounds = UInt32(input.rounds)
        // crypt_r takes a C string.
        unsafe reference.pointee.password = keep(password + [0])
        unsafe reference.pointee.password_size = password.count
        unsafe reference.pointee.front = keep(input.front)
        unsafe reference.pointee.front_size = input.front.count
        unsafe reference.pointee.salt = keep(input.salt)
        unsafe reference.pointee.salt_size = input.salt.count
        unsafe reference.pointee.expected = keep(input.expected)
        unsafe reference.pointee.expected_size = input.expected.count
        // The same bytes seen as C's char.
        let text = unsafe keep(Array(input.text.utf8) + [0])
        unsafe reference.pointee.text = UnsafeRawPointer(text).assumingMemoryBound(to: CChar.self)
    }

    deinit {
        for unsafe block in unsafe blocks { unsafe block.deallocate() }
        unsafe reference.deallocate()
    }

    /// Valid for as long as this object.
    var work: hash_work { unsafe hash_reference_work(reference) }

    /// A copy that lives as long as this object, never a null pointer.
    private func keep(_ bytes: [UInt8]) -> UnsafePointer<UInt8> {
        let block = UnsafeMutablePointer<UInt8>.allocate(capacity: max(bytes.count, 1))
        // It has room for all of them.
        for (index, byte) in bytes.enumerated() { unsafe (block + index).initialize(to: byte) }
        unsafe blocks.append(block)
        return unsafe UnsafePointer(block)
    }
}
