internal import Glibc

/// An open file or directory, closed when its owner lets go.
struct Descriptor: ~Copyable {
    let number: CInt

    init(owning number: CInt) {
        self.number = number
    }

    func status() -> stat? {
        var status = stat()
        // A plain C structure of this frame.
        return unsafe fstat(number, &status) == 0 ? status : nil
    }

    deinit {
        close(number)
    }
}
