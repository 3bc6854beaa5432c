import Secrets
import Testing

@Suite("Wiping")
struct WipingTests {
    @Test("A wiped buffer holds only zeros")
    func buffer() {
        // Owned by this test alone and freed at its end.
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 1)
        defer { unsafe memory.deallocate() }
        for index in 0..<64 { unsafe memory[index] = 0xaa }
        unsafe wipe(memory)
        let isClean = unsafe memory.allSatisfy { $0 == 0 }
        #expect(isClean)
    }

    @Test("A buffer without memory is left alone")
    func emptyBuffer() {
        // Nothing is dereferenced.
        unsafe wipe(UnsafeMutableRawBufferPointer(start: nil, count: 0))
    }

    @Test("A wiped array is empty, and its storage holds zeros")
    func array() {
        var bytes = [UInt8](repeating: 0xaa, count: 64)
        wipe(&bytes)
        #expect(bytes.isEmpty)
        #expect(bytes.capacity >= 64)
        // The capacity was asked for above; a byte array's spare room may be read as raw memory.
        let isClean = unsafe bytes.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress else { return false }
            return unsafe UnsafeRawBufferPointer(start: start, count: 64).allSatisfy { $0 == 0 }
        }
        #expect(isClean)
    }
}
