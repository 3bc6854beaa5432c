/// Something around the test went wrong: a peer did not start, did not answer in time, or closed the connection.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
