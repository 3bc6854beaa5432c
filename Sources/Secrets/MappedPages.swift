internal import Glibc

/// Memory straight from the kernel: zeroed, and left out of core dumps.
enum MappedPages {
    private static let pageSize = 4096
    private static let hugePageSize = 2 << 20

    private static func size(_ count: Int) -> Int { (count + pageSize - 1) & ~(pageSize - 1) }

    /// At least `count` bytes, more than 0; nil if the kernel has none.
    @unsafe
    static func map(_ count: Int) -> UnsafeMutableRawPointer? {
        guard count > 0, count < Int.max / 2 else { return nil }
        let size = size(count)
        // Memory of several huge pages begins at one, so that filling it costs a fault for each of them, not for each
        // page of 4 KiB.
        let slack = size >= 2 * hugePageSize ? hugePageSize : 0
        // A fresh anonymous mapping belongs to nobody else; what is cut off around it is given back at once.
        let mapping = unsafe mmap(nil, size + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard var start = unsafe mapping, unsafe start != UnsafeMutableRawPointer(bitPattern: -1) else { return nil }
        if slack > 0 {
            let head = -Int(bitPattern: start) & (hugePageSize - 1)
            if head > 0 { unsafe munmap(start, head) }
            unsafe start += head
            if slack > head { unsafe munmap(start + size, slack - head) }
            unsafe madvise(start, size, MADV_HUGEPAGE)
        }
        unsafe madvise(start, size, MADV_DONTDUMP)
        return unsafe start
    }

    /// Keeps what ``map(_:)`` gave out of swap; false if the system doesn't allow that (RLIMIT_MEMLOCK).
    @unsafe
    static func lock(_ start: UnsafeMutableRawPointer, _ count: Int) -> Bool {
        unsafe mlock(start, size(count)) == 0
    }

    /// Gives back what ``map(_:)`` gave for the same count.
    @unsafe
    static func unmap(_ start: UnsafeMutableRawPointer, _ count: Int) {
        let size = size(count)
        // Of much memory one huge page's worth at a time: the kernel lets go of it under a lock that an event loop whose
        // heap grows would have to wait for.
        if size > hugePageSize {
            for offset in stride(from: 0, to: size, by: hugePageSize) {
                unsafe madvise(start + offset, min(hugePageSize, size - offset), MADV_DONTNEED)
            }
        }
        unsafe munmap(start, size)
    }
}
