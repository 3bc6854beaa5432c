/// Why `pw` or `passwd` can't do what it was told; one sentence with the remedy, and never a part of a password.
struct PwError: Error, CustomStringConvertible {
    let description: String
}
