/// What must hold for every input did not hold for one.
package struct BrokenRule: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// Throws `message` unless `condition` holds.
func demand(_ condition: Bool, _ message: @autoclosure () -> String) throws(BrokenRule) {
    guard !condition else { return }
    throw BrokenRule(message())
}
