/// Why a value was not taken, to be said after the setting's name.
struct ValueError: Error, Equatable {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
