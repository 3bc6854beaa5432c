import Glibc

/// Looks for bytes in all writable memory of this process.
enum MemoryScan {
    /// What hides the needle from its own search.
    static let mask: UInt8 = 0xa5

    /// How often bytes occur that are `masked` with ``mask`` taken off; nil if the kernel does not let us look.
    static func occurrences(ofMasked masked: [UInt8]) -> Int? {
        let memory = unsafe open("/proc/self/mem", O_RDONLY | O_CLOEXEC)
        guard memory >= 0, let regions = writableRegions() else { return nil }
        defer { close(memory) }
        let size = 1 << 16
        // Pages of its own: a buffer in the heap would be written over what was given back there.
        guard
            let start = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            unsafe start != MAP_FAILED
        else { return nil }
        defer { unsafe munmap(start, size) }
        let buffer = unsafe UnsafeMutableRawBufferPointer(start: start, count: size)
        let own = UInt(bitPattern: start)..<UInt(bitPattern: start) + UInt(size)
        var count = 0
        // The buffer holds copies of what was found before.
        for region in regions.flatMap({ without(own, $0) }) {
            var address = region.lowerBound
            while address < region.upperBound {
                let wanted = Int(min(UInt(size), region.upperBound - address))
                let got = unsafe pread(memory, buffer.baseAddress, wanted, off_t(address))
                if got > masked.count {
                    count += unsafe occurrences(of: masked, in: UnsafeRawBufferPointer(rebasing: buffer[..<got]))
                }
                guard got > masked.count, wanted == size else { break }
                // Chunks overlap, so that nothing hides on their border.
                address += UInt(got - masked.count)
            }
        }
        return count
    }

    private static func without(_ hole: Range<UInt>, _ region: Range<UInt>) -> [Range<UInt>] {
        guard region.overlaps(hole) else { return [region] }
        return [
            region.lowerBound..<max(region.lowerBound, hole.lowerBound),
            min(region.upperBound, hole.upperBound)..<region.upperBound,
        ].filter { !$0.isEmpty }
    }

    private static func occurrences(of masked: [UInt8], in bytes: UnsafeRawBufferPointer) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        let first = masked[0] ^ mask
        var count = 0
        var start = 0
        while start < bytes.count, let found = unsafe memchr(base + start, CInt(first), bytes.count - start) {
            let offset = unsafe UnsafeRawPointer(found) - base
            if offset + masked.count > bytes.count { break }
            if masked.indices.allSatisfy({ unsafe bytes[offset + $0] == masked[$0] ^ mask }) { count += 1 }
            start = offset + 1
        }
        return count
    }

    private static func writableRegions() -> [Range<UInt>]? {
        guard let file = unsafe fopen("/proc/self/maps", "r") else { return nil }
        defer { _ = unsafe fclose(file) }
        var bytes: [UInt8] = []
        while case let character = unsafe fgetc(file), character != EOF { bytes.append(UInt8(character)) }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            let ends = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard ends.count == 2, words[1].hasPrefix("rw"), !line.hasSuffix("[vvar]") else { return nil }
            return ends[0]..<ends[1]
        }
    }
}
